import { concludeRun } from '../check/judge.ts'
import { TargetError } from '../client/target-error.ts'
import type { Cell, RunResult } from '../measure/run-result.ts'
import { RUN_SCHEMA_VERSION } from '../measure/run-result.ts'
import type { Verdict } from '../measure/verdict.ts'
import { createChance } from '../runtime/chance.ts'
import { UsageError } from '../runtime/usage-error.ts'
import { prefixOf } from '../targets/own-prefix.ts'
import type { Workload } from '../workload/workload.ts'
import type { CellContext } from './cell/cell-context.ts'
import type { CellPlan } from './cell/cell-plan.ts'
import { checkPlanFaults } from './cell/check-plan-faults.ts'
import { checkReach } from './cell/check-reach.ts'
import { missingLoad } from './cell/missing-load.ts'
import { planCells } from './cell/plan-cells.ts'
import { announcedFamily, type ComparisonWishes, comparisonPlan } from './comparison-plan.ts'
import type { Plant } from './instance/instance.ts'
import { hostFacts, toolIdentity } from './provenance.ts'
import { writeRunFile } from './run-file.ts'
import { createRunFolder } from './run-folder.ts'
import type { RunObserver } from './run-observer.ts'
import { CellQueue } from './runner/cell-queue.ts'
import { openRunners } from './runner/open-runners.ts'
import { WarmUpGroups } from './warm-up/warm-up-group.ts'

export interface RunOptions {
  readonly name: string
  readonly workloads: readonly Workload[]
  /** URLs, with credentials; they are never written anywhere. */
  readonly targets: readonly string[]
  readonly clients: readonly string[]
  readonly seed: number
  readonly blocks: number
  /** Blocks in which cells with faults run; all unless told. */
  readonly faultBlocks?: number
  /** Whether this workload runs on that target; every one on every target unless told. */
  readonly fits?: (workload: Workload, targetUrl: string) => boolean
  readonly virtual: boolean
  /** Of a virtual run, how many cells may run side by side, each in a thread; 1 unless told. What comes of it is the same. */
  readonly workers?: number
  /** Where run.json, the history and the journal go; nothing is written without it. */
  readonly folder?: string
  /** The command line as run.json keeps it: without secrets. */
  readonly command: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  readonly observer: RunObserver
  readonly faultsAllowed: boolean
  readonly comparison?: ComparisonWishes
  /** What the report has to say of how it was planned. */
  readonly planNotes?: readonly string[]
  readonly plant?: Plant
}

export interface FinishedRun {
  readonly result: RunResult
  readonly folder: string | undefined
  /**
   * Why there is less than there should be: a target or database was lost for good between two cells (the result
   * holds what was measured on all the others), or run.json could not be written.
   */
  readonly failure?: TargetError | UsageError
}

/**
 * Runs every cell of the plan, judges the whole, and writes it. Throws `UsageError` and, when nothing could be
 * measured, `TargetError`.
 */
export async function run(options: RunOptions): Promise<FinishedRun> {
  const { seed, observer, signal } = options
  const notes: string[] = []
  const note = (text: string) => {
    notes.push(text)
    observer.note?.(text)
  }
  const plans = planCells({ ...options, order: createChance(seed).stream('order of cells') })
  const prefix = runPrefix(options)
  const comparison = comparisonPlan(options, options.comparison ?? {})
  const family = announcedFamily(plans, comparison)
  await checkPlanFaults(plans, options.faultsAllowed)
  await checkReach(plans, { ...options, runPrefix: prefix })
  for (const text of options.planNotes ?? []) note(text)
  const folder = options.folder === undefined ? undefined : createRunFolder(options.folder, note)
  const skeleton = { ...emptyRun(options), comparison }
  folder?.journal({ entry: 'run', run: skeleton })
  folder?.journal({ entry: 'plan', cells: neverRun(plans) })
  observer.runBegan?.({ cells: plans, folder: folder?.path, seed, family })

  const context: CellContext = {
    seed,
    virtual: options.virtual,
    env: options.env,
    runPrefix: prefix,
    ...(folder && { folder }),
    signal,
    observer: { note },
    faultsAllowed: options.faultsAllowed,
    ...(options.plant && { plant: options.plant }),
  }
  const cells: Cell[] = []
  const ofCells = new Map<string, readonly Verdict[]>()
  let failure: TargetError | UsageError | undefined
  let lost = false
  const beganAt = process.hrtime.bigint()
  const runners = openRunners(plans, context, options.workers ?? 1)
  const queue = new CellQueue({
    plans,
    runners,
    warmUps: new WarmUpGroups(plans),
    signal,
    nowNanos: () => (options.virtual ? 0 : Number(process.hrtime.bigint() - beganAt)),
    listener: {
      note,
      journal: (entry) => folder?.journal(entry),
      progress: (progress) => observer.progress?.(progress),
      began: (plan, position) => observer.cellBegan?.(plan, position),
      ended(plan, { cell, verdicts }) {
        // A cell that is run again takes the place of what it was.
        const before = cells.findIndex(({ id }) => id === cell.id)
        if (before >= 0) cells.splice(before, 1, cell)
        else cells.push(cell)
        ofCells.set(cell.id, verdicts)
        observer.cellEnded?.(plan, cell)
      },
      failed(plan, error) {
        if (!(error instanceof TargetError) || cells.length === 0) throw error
        failure ??= error
        lost = true
        note(`${plan.id} could not be run: ${error.message}`)
      },
      runAgain({ length }) {
        note(`${length === 1 ? '1 cell is' : `${length} cells are`} run again, with as long a warm-up as the longest of those compared`)
      },
    },
  })
  try {
    await queue.run()
  } finally {
    await Promise.all(runners.map((runner) => runner.close()))
  }
  const missingCells = neverRun(plans.filter(({ id }) => !cells.some((cell) => cell.id === id)))
  const ended: RunResult = {
    ...skeleton,
    status: signal.aborted || lost ? 'interrupted' : 'complete',
    cells,
    ...(missingCells.length > 0 && { missingCells }),
    notes,
  }
  const result: RunResult = {
    ...ended,
    verdicts: concludeRun(
      ended,
      cells.flatMap(({ id }) => ofCells.get(id) ?? []),
    ) as RunResult['verdicts'],
  }
  try {
    if (folder) writeRunFile(folder.path, result)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    failure ??= error
  }
  observer.runEnded?.(result, folder?.path)
  return { result, folder: folder?.path, ...(failure && { failure }) }
}

function neverRun(plans: readonly CellPlan[]): NonNullable<RunResult['missingCells']> {
  return plans.map(({ id, workload }) => ({ id, ...(missingLoad(workload, 0) ?? { nanos: 0, operations: null }) }))
}

function emptyRun(options: RunOptions): RunResult {
  return {
    schemaVersion: RUN_SCHEMA_VERSION,
    name: options.name,
    status: 'interrupted',
    tool: toolIdentity(),
    command: options.command,
    seed: options.seed,
    virtual: options.virtual,
    ...(!options.virtual && { startedAt: new Date().toISOString(), host: hostFacts() }),
    cells: [],
    verdicts: [],
    notes: [],
  }
}

/** Own to this run, so that two runs on one endpoint never touch each other's keys; on virtual time a function of the seed. */
function runPrefix({ seed, virtual }: RunOptions): string {
  const id = virtual ? seed : Number(process.hrtime.bigint() % 0xffffffffffn) ^ process.pid
  return prefixOf(Math.abs(id).toString(36))
}
