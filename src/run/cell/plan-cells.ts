import type { Stream } from '../../runtime/runtime.ts'
import { chooseClient } from '../../targets/client-choice.ts'
import { parseTargetUrl, type TargetUrl } from '../../targets/url/target-url.ts'
import type { RowShares } from '../../workload/patterns/row-plan.ts'
import { hasFaults, type Workload } from '../../workload/workload.ts'
import type { CellPlan } from './cell-plan.ts'
import { controlsOf } from './controls-of.ts'
import { loadKeyOf, planSubject } from './plan-subject.ts'

export interface PlanOptions {
  readonly workloads: readonly Workload[]
  readonly targets: readonly string[]
  readonly clients: readonly string[]
  readonly blocks: number
  /** Blocks in which cells with faults run, and those that run beside them without; all unless told. */
  readonly faultBlocks?: number
  /** Whether this workload runs on that target; every one on every target unless told. */
  readonly fits?: (workload: Workload, targetUrl: string) => boolean
  /** Draws the order inside each block. */
  readonly order: Stream
}

/**
 * Every workload on every target through every client that fits its family, in `blocks` blocks; each block holds
 * every cell once, in an order of its own (randomised interleaved blocks), with a baseline for each workload that
 * wants one. Where several blocks are compared, a workload with faults runs beside itself without them: figures of a quiet
 * cache are not mixed with those of a broken one.
 */
export function planCells(options: PlanOptions): readonly CellPlan[] {
  const { blocks, faultBlocks = blocks, order } = options
  const workloads = blocks > 1 ? [...options.workloads, ...controlsOf(options.workloads)] : options.workloads
  const plans: CellPlan[] = []
  for (let block = 0; block < blocks; block++) {
    const inBlock = block < faultBlocks ? workloads : options.workloads.filter((workload) => !hasFaults(workload))
    const cells = [...baselines(inBlock, block), ...inBlock.flatMap((workload) => cellsOf(workload, options, block))]
    const ordered = blocks === 1 ? cells : shuffled(cells, order, block)
    plans.push(...(block === 0 ? baselinesLast(ordered) : ordered))
  }
  return plans
}

/** One case without a cache serves all workloads of rows under its load. */
function baselines(workloads: readonly Workload[], block: number): CellPlan[] {
  const served = new Map<string, { readonly workload: Workload; readonly names: string[] }>()
  for (const workload of workloads.filter((one) => one.baseline && isRowPattern(one))) {
    const baseline = baselineFor(workload)
    const key = loadKeyOf(planSubject({ workload: baseline, role: 'baseline', client: 'none' }))
    const known = served.get(key)
    if (known) known.names.push(workload.name)
    else served.set(key, { workload: baseline, names: [workload.name] })
  }
  return [...served.values()].map(
    ({ workload, names }): CellPlan => ({
      id: `none/${names[0]}/database/${block}`,
      workload,
      role: 'baseline',
      baselineOf: names,
      block,
      client: 'none',
    }),
  )
}

function cellsOf(workload: Workload, options: PlanOptions, block: number): CellPlan[] {
  const cells: CellPlan[] = []
  const taken = new Map<string, number>()
  for (const url of options.targets.filter((one) => options.fits?.(workload, one) ?? true)) {
    const parsed = parseTargetUrl(url)
    for (const client of fittingClients(options.clients, parsed)) {
      const base = `${workload.name}/${parsed.label}/${client}`
      const times = (taken.get(base) ?? 0) + 1
      taken.set(base, times)
      cells.push({ id: `${base}${times > 1 ? `#${times}` : ''}/${block}`, workload, role: 'measured', block, targetUrl: url, client })
    }
  }
  return cells
}

/** Of several clients those that can reach the target; when none of them can, the first one's error says why. */
function fittingClients(clients: readonly string[], target: TargetUrl): readonly string[] {
  const fitting = clients.filter((client) => {
    const library = client.split(':')[0]
    if (library === 'wire') return true
    return target.kind !== 'engine' && library === (target.family === 'redis' ? 'ioredis' : 'memjs')
  })
  for (const client of fitting.length > 0 ? fitting : clients.slice(0, 1)) chooseClient(client, target)
  return fitting
}

/** Only where the load is reads and writes of rows does the database alone serve the same load. */
function isRowPattern({ settings, pattern }: Workload): boolean {
  return pattern !== 'none' && typeof settings === 'object' && settings !== null && 'writeRatio' in settings
}

/** The same load on the database alone. */
function baselineFor(workload: Workload): Workload {
  const { variant: _, ...rest } = workload
  const settings = workload.settings as Partial<RowShares>
  return {
    ...rest,
    name: `none (${workload.name})`,

    pattern: 'none',
    settings: {
      writeRatio: settings.writeRatio ?? 0,
      writePopularity: settings.writePopularity ?? 'as reads',
      missing: settings.missing ?? 0,
    } satisfies RowShares,
    faults: [],
    expect: [],
    baseline: false,
    instances: 1,
  }
}

/**
 * The first block finds out how long a comparison has to warm up. A baseline, which has no cache to warm, needs the
 * shortest: after the others it takes theirs, before them it would be run again.
 */
function baselinesLast(cells: readonly CellPlan[]): CellPlan[] {
  return [...cells.filter(({ role }) => role === 'measured'), ...cells.filter(({ role }) => role === 'baseline')]
}

/** Fisher-Yates with one draw an exchange. */
function shuffled(cells: CellPlan[], order: Stream, block: number): CellPlan[] {
  const result = [...cells]
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(order.uniform(block, last) * (last + 1))
    const held = result[last]!
    result[last] = result[other]!
    result[other] = held
  }
  return result
}
