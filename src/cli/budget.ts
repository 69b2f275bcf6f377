import { comparisonOf } from '../check/comparison/comparison-of.ts'
import { type BudgetPlan, PILOT_BLOCKS, planBudget } from '../run/budget/budget-plan.ts'
import { shortestBlockNanos } from '../run/budget/shortest-block.ts'
import { timeNeededNanos } from '../run/budget/time-needed.ts'
import { planCells } from '../run/cell/plan-cells.ts'
import { comparisonPlan } from '../run/comparison-plan.ts'
import { type RunOptions, run } from '../run/run.ts'
import { createChance } from '../runtime/chance.ts'
import { type Nanos, SECOND } from '../runtime/runtime.ts'
import { UsageError } from '../runtime/usage-error.ts'
import { parseDuration } from '../workload/file/units.ts'

const PILOT_SEED = 0x5eed

/** A pilot's draws are its own, of whatever seed; what comes of it is a seed, too. */
export function pilotSeed(seed: number): number {
  return (seed + PILOT_SEED) % Number.MAX_SAFE_INTEGER
}

/** A plan that settings multiply to more than this is asked about first. */
const LONG_NANOS = 3600 * SECOND

/** Throws `UsageError` for what is no time. */
export function parseBudget(text: string): Nanos {
  const parsed = parseDuration(text)
  if (!parsed.ok || parsed.value < SECOND) throw new UsageError(`--budget: "${text}" is no time to plan with`, 'a time of at least 1s, such as 10m')
  return parsed.value
}

/** Of what a block would measure where nobody said it: `--duration` as it would be typed. */
export function shortestDuration(options: Pick<RunOptions, 'workloads' | 'comparison' | 'targets' | 'clients' | 'blocks'>): string {
  const { figures } = comparisonPlan(options, options.comparison ?? {})
  return `${shortestBlockNanos(options.workloads, figures) / SECOND}s`
}

/**
 * Runs the pilot and plans with what it showed. `mayLengthen`: nobody said how long a cell measures. Undefined when it was
 * interrupted.
 */
export async function planWithin(budgetNanos: Nanos, options: RunOptions, mayLengthen: boolean): Promise<BudgetPlan | undefined> {
  const { folder: _, faultBlocks: __, planNotes: ___, ...rest } = options
  options.observer.note?.(`${PILOT_BLOCKS} pilot blocks come first; they are not compared`)
  const beganAt = process.hrtime.bigint()
  const { result } = await run({
    ...rest,
    blocks: PILOT_BLOCKS,
    seed: pilotSeed(options.seed),
    observer: pilotObserver(options),
  })
  if (options.signal.aborted) return undefined
  const blockNanos = Number(process.hrtime.bigint() - beganAt) / PILOT_BLOCKS
  const durationNanos = Math.max(...result.cells.map(({ measuredNanos }) => measuredNanos))
  const cellsInBlock = result.cells.filter(({ block }) => block === 0).length
  const comparison = comparisonOf([{ label: options.name, result }])
  return planBudget(budgetNanos, { comparison, blockNanos, durationNanos, cellsInBlock }, mayLengthen && !options.virtual)
}

/** Shows its cells, and nothing of what is tested: that is told of the run. */
function pilotObserver({ observer }: RunOptions): RunOptions['observer'] {
  return {
    ...observer,
    runBegan: (facts) => observer.runBegan?.({ ...facts, family: [] }),
    note: () => {},
  }
}

/** Settings that were varied multiply. Throws `UsageError` with the time that the plan takes, where that is long and nobody agreed to it. */
export function refuseLongPlans(options: RunOptions): void {
  if (options.virtual || (options.comparison?.variations ?? []).length === 0) return
  const plans = planCells({ ...options, order: createChance(options.seed).stream('order of cells') })
  const nanos = timeNeededNanos(plans)
  if (nanos <= LONG_NANOS) return
  throw new UsageError(
    `these settings make ${plans.length} cells (one workload on one target in one block each), which take about ${Math.ceil(nanos / (60 * SECOND))} minutes`,
    'fewer values, a shorter --duration, --budget 30m, or --yes to run it as it is',
  )
}
