import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { FAULTS } from '../../chaos/registry.ts'
import { comparisonOf } from '../../check/comparison/comparison-of.ts'
import { renderMarkdown } from '../../report/markdown/render-markdown.ts'
import { terminalReport } from '../../report/terminal/terminal-report.ts'
import { writeReport } from '../../report/write-report.ts'
import { checkOutFolder } from '../../run/check-out-folder.ts'
import { repeatableCommand } from '../../run/repeatable-command.ts'
import { type RunOptions, run } from '../../run/run.ts'
import { defaultFolderName } from '../../run/run-folder.ts'
import { UsageError } from '../../runtime/usage-error.ts'
import { applyOverrides } from '../../workload/file/overrides.ts'
import { formatSpecError } from '../../workload/file/spec-error.ts'
import { PROGRAMS } from '../../workload/patterns/registry.ts'
import type { Workload } from '../../workload/workload.ts'
import { parseBudget, planWithin, refuseLongPlans, shortestDuration } from '../budget.ts'
import { comparisonFlags, parseVariations } from '../comparison-flags.ts'
import { DEFAULT_RUN, DEFAULT_TARGETS, fitsDefaultRun, GAVE_WAY } from '../default-run.ts'
import type { ExitCode } from '../exit-code.ts'
import { exitCodeOf } from '../exit-code-of.ts'
import { findWorkloads } from '../find-workloads.ts'
import { freshSeed } from '../fresh-seed.ts'
import { interruptible } from '../interruptible.ts'
import { createProgress } from '../live-progress.ts'
import { readPrices } from '../read-prices.ts'
import { appendStepSummary } from '../step-summary.ts'
import { isLive, textOptions } from '../terminal.ts'

export interface RunFlags {
  readonly target?: readonly string[]
  readonly client?: readonly string[]
  readonly database?: string
  readonly fault?: readonly string[]
  readonly duration?: string
  readonly rate?: string
  readonly seed?: number
  readonly blocks?: number
  readonly budget?: string
  readonly yes?: boolean
  readonly vary?: readonly string[]
  readonly figures?: string
  readonly equivalentWithin?: string
  readonly failOn?: readonly string[]
  readonly price?: string
  readonly virtual?: boolean
  readonly long?: boolean
  readonly history?: string
  readonly out?: string
  readonly force?: boolean
  readonly iOwnThisTarget?: boolean
  readonly json?: boolean
  readonly quiet?: boolean
}

const ALL_CLIENTS = ['wire', 'ioredis', 'memjs'] as const

export async function runCommand(names: readonly string[], given: RunFlags): Promise<ExitCode> {
  const isDefault = isDefaultRun(names, given)
  const flags = isDefault ? defaultFlags(given) : given
  const registry = { patterns: PROGRAMS, faults: FAULTS }
  const variations = parseVariations(flags.vary ?? [])
  const comparison = { variations, ...(isDefault && { figures: DEFAULT_RUN.figures }), ...comparisonFlags(flags) }
  const prices = flags.price === undefined ? undefined : readPrices(flags.price)
  const found = findWorkloads(names, registry, variations)
  const workloads = overridden(found, flags)
  const targets = flags.target ?? DEFAULT_TARGETS
  if (flags.virtual) refuseRealThings(targets, workloads)
  const seed = flags.seed ?? freshSeed()
  const name = nameOf(workloads, names)
  const folder = flags.out ?? join('reports', defaultFolderName(name, seed, flags.virtual ? undefined : new Date()))
  const command = repeatableCommand(process.argv.slice(2))
  if (!flags.force) checkOutFolder(folder, { name, command })
  const interrupt = interruptible()
  const observer = createProgress({ output: process.stderr, quiet: flags.quiet === true || flags.json === true, live: isLive(process.stderr) })
  try {
    const options: RunOptions = {
      name,
      workloads,
      targets,
      clients: (flags.client ?? ['wire']).flatMap((client) => (client === 'all' ? ALL_CLIENTS : [client])),
      seed,
      blocks: flags.blocks ?? 1,
      ...(isDefault &&
        !flags.long && { faultBlocks: Math.min(flags.blocks ?? 1, DEFAULT_RUN.faultBlocks), fits: fitsDefaultRun, planNotes: [GAVE_WAY] }),
      virtual: flags.virtual === true,
      workers: availableParallelism(),
      folder,
      command,
      env: process.env,
      signal: interrupt.signal,
      observer,
      faultsAllowed: flags.iOwnThisTarget === true,
      comparison,
    }
    if (!flags.yes && flags.budget === undefined) refuseLongPlans(options)
    const finished = await run(flags.budget === undefined ? options : await fitted(flags.budget, options, flags))
    const compared = comparisonOf([{ label: finished.result.name, result: finished.result }], { ...(prices && { prices }) })
    let failure: unknown = finished.failure
    let reportPath: string | undefined
    try {
      reportPath = (await writeReport(finished, compared)).htmlPath
    } catch (error) {
      failure ??= error
    }
    if (flags.json) process.stdout.write(`${JSON.stringify(finished.result)}\n`)
    else process.stdout.write(terminalReport(finished.result, { ...textOptions(process.stdout), comparison: compared, reportPath }))
    const unsaid = appendStepSummary(process.env, () => renderMarkdown(finished.result, compared))
    if (unsaid !== undefined) observer.note?.(unsaid)
    // After the table: what was measured is worth reading all the same.
    if (failure !== undefined) throw failure
    return exitCodeOf(finished.result)
  } finally {
    interrupt.release()
  }
}

/** The run as its budget has it: in as many blocks as fit, each as long as what is compared needs. */
async function fitted(budget: string, options: RunOptions, flags: RunFlags): Promise<RunOptions> {
  if (flags.blocks !== undefined) throw new UsageError('--budget finds the number of blocks by itself, and --blocks says it', 'one of the two')
  const budgetNanos = parseBudget(budget)
  const lasting = (duration: string): RunOptions => ({ ...options, workloads: overridden(options.workloads, { duration }) })
  const pilot = flags.duration === undefined ? lasting(shortestDuration(options)) : options
  const plan = await planWithin(budgetNanos, pilot, flags.duration === undefined)
  if (!plan) return pilot
  for (const line of plan.words) options.observer.note?.(line)
  return { ...(flags.duration === undefined ? lasting(`${Math.ceil(plan.durationNanos / 1e6)}ms`) : pilot), blocks: plan.blocks }
}

function nameOf(workloads: readonly Workload[], names: readonly string[]): string {
  const bases = new Set(workloads.map(({ name, variant }) => variant?.of ?? name))
  return bases.size === 1 ? [...bases][0]! : names.length === 0 ? 'default' : `${bases.size}-workloads`
}

/** Nothing was said of what runs, nor on what. */
function isDefaultRun(names: readonly string[], { target, client, database, long }: RunFlags): boolean {
  const isDefault = names.length === 0 && target === undefined && client === undefined && database === undefined
  if (long && !isDefault)
    throw new UsageError('--long is for the default run, which chooses workloads and targets by itself', 'use --duration and --blocks instead')
  return isDefault
}

/** On virtual time, in the blocks that it needs; what the user says wins. */
function defaultFlags(given: RunFlags): RunFlags {
  const { blocks, durationSeconds, longer } = DEFAULT_RUN
  return { blocks, duration: `${durationSeconds * (given.long ? longer : 1)}s`, ...given, virtual: true }
}

function overridden(workloads: readonly Workload[], flags: RunFlags): readonly Workload[] {
  const results = workloads.map((workload) => applyOverrides(workload, flags, FAULTS))
  const errors = results.flatMap((one) => (one.ok ? [] : one.errors))
  // The same flag is as wrong for every workload.
  const texts = [...new Set(errors.map(formatSpecError))]
  if (texts.length > 0) throw new UsageError(texts.join('\n'))
  return results.flatMap((one) => (one.ok ? [one.workload] : []))
}

function refuseRealThings(targets: readonly string[], workloads: readonly Workload[]): void {
  const real = targets.find((url) => !url.startsWith('engine:'))
  if (real !== undefined) {
    const scheme = real.split(':')[0]
    throw new UsageError(
      `--virtual is for engine: targets; "${scheme}:" is part of the outside world, where time can't be moved`,
      'use engine:redis, engine:valkey or engine:memcached, or leave --virtual out',
    )
  }
  const database = workloads.find((workload) => workload.database.kind === 'postgres')
  if (database)
    throw new UsageError(
      `--virtual is for the embedded database; ${database.name} uses ${database.database.kind}`,
      'leave --database out, or --virtual',
    )
}
