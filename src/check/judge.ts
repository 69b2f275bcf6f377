import { HistoryFileError } from '../measure/history-file-error.ts'
import type { HistorySource } from '../measure/history-source.ts'
import { METRIC_DEFINITIONS, OVERALL } from '../measure/metrics/catalogue.ts'
import type { OperationRecorder } from '../measure/operation-recorder.ts'
import type { Cell, Recovery, RunResult, Wire, WithoutFaults } from '../measure/run-result.ts'
import type { Verdict } from '../measure/verdict.ts'
import type { Expectation } from '../workload/workload.ts'
import { auditVerdict } from './audit.ts'
import { cellSettings, historyLevelOf, isQuiet } from './cell-settings.ts'
import type { CheckerMeasures } from './checker.ts'
import { CLAIMS } from './claims/registry.ts'
import { comparisonOf } from './comparison/comparison-of.ts'
import { parseGate } from './comparison/gate.ts'
import { gateVerdicts } from './comparison/gate-verdicts.ts'
import { judgeExpectations } from './expectations.ts'
import { faultSpans, measuredNanosOutside } from './fault-spans.ts'
import { type WireTotals, wireMeter } from './measure-wire.ts'
import type { Meter } from './meter.ts'
import { measureRecovery } from './recovery.ts'
import { remeasure } from './remeasure.ts'
import { type Checked, runCheckers, runCheckersOn } from './run-checkers.ts'
import { sortVerdicts } from './sort-verdicts.ts'
import { type Successes, successMeter } from './success-meter.ts'
import { elsewhere, wholeCommand } from './test-command.ts'

/** What a cell's history proves. Measures that do not apply, or that the history level is too low for, are absent. */
export interface CellJudgement extends CheckerMeasures {
  readonly recovery: Recovery[]
  readonly wire?: Wire
  readonly withoutFaults?: WithoutFaults
  /** Checkers, expectations and the audit; claims need all cells of a run (`judgeRun`). */
  readonly verdicts: readonly Verdict[]
}

/** Opens a cell's history; undefined when there is none (level off, or nothing was written). */
export type LoadHistory = (cell: Cell) => HistorySource | undefined | Promise<HistorySource | undefined>

/** What was recorded beside the history. */
export interface Recorded {
  /** Byte counts, for history levels below full. */
  readonly totals?: WireTotals
  /** What can leave stretches of time out of the tallies. */
  readonly operations?: OperationRecorder
  /** What else is to be measured while the history is read. */
  readonly meters?: readonly Meter<unknown>[]
  /** What the checkers said, of a cell whose history is not at hand. */
  readonly verdicts?: readonly Verdict[]
}

/**
 * Judges one cell. `history`: as recorded. Without it the cell's own measures stand as they are, with what the checkers
 * said of them, and what can be had from classes and series is computed. Rejects with what reading the history rejects with.
 */
export async function judgeCell(cell: Cell, history: HistorySource | undefined, recorded: Recorded = {}): Promise<CellJudgement> {
  if (cell.notApplicable !== undefined) return { recovery: [], verdicts: [] }
  if (!history) return judgeChecked(cell, runCheckers(cell, undefined), undefined, recorded)
  const wire = historyLevelOf(cell) === 'full' ? wireMeter(cell) : undefined
  const successes = cell.events.some(({ kind }) => kind === 'fault') ? successMeter(cell) : undefined
  const checked = await runCheckersOn(
    cell,
    history,
    [wire, successes, ...(recorded.meters ?? [])].filter((meter) => meter !== undefined),
  )
  return judgeChecked(cell, checked, { wire: wire?.finish(), successes: successes?.finish() }, recorded)
}

/** What was measured of a history, beside what the checkers found. */
interface Measured {
  /** Absent where the history does not hold every row. */
  readonly wire: Wire | undefined
  /** Absent where nothing was planned to go wrong. */
  readonly successes: Successes | undefined
}

/** `measured`: absent without a history. */
function judgeChecked(cell: Cell, checked: Checked, measured: Measured | undefined, recorded: Recorded): CellJudgement {
  const wire = measured?.wire ?? wireOfTotals(recorded.totals) ?? cell.wire
  const { staleness, sessions, leaderboard, checked: others }: CheckerMeasures = measured ? checked.measures : cell
  const recovery =
    measured || cell.recovery.length === 0
      ? measureRecovery(cell, {
          ...(measured?.successes && { successes: measured.successes }),
          findings: checked.findings,
          ...(leaderboard && { leaderboard }),
        })
      : cell.recovery
  const measures = {
    ...(staleness && { staleness }),
    ...(sessions && { sessions }),
    ...(leaderboard && { leaderboard }),
    ...(others && { checked: others }),
    ...(wire && cell.role === 'measured' && { wire }),
    ...withoutFaultsOf(cell, recovery, recorded.operations),
    recovery,
  }
  const judged: Cell = { ...cell, ...measures }
  const ofCheckers = measured || checked.verdicts.length > 0 ? checked.verdicts : (recorded.verdicts ?? [])
  const verdicts = [...ofCheckers, ...judgeExpectations(judged, expectationsOf(judged)), auditVerdict(judged)]
  return { ...measures, verdicts: sortVerdicts(verdicts) }
}

/** What became of stored values can't be told by sums. */
function wireOfTotals(totals: WireTotals | undefined): Wire | undefined {
  return totals && { ...totals, neverReadBytes: null }
}

/** The cell with its measures filled in. */
export async function judgedCell(cell: Cell, history: HistorySource | undefined, recorded?: Recorded): Promise<Cell> {
  const { verdicts: _, ...measures } = await judgeCell(cell, history, recorded)
  return { ...cell, ...measures }
}

/**
 * Judges a whole run from its cells and histories, one history in memory at a time: every verdict, sorted. A cell
 * without a history at hand keeps what run.json says of it.
 */
export async function judgeRun(result: RunResult, loadHistory: LoadHistory = () => undefined): Promise<readonly Verdict[]> {
  return (await judgeCells(result, loadHistory, rethrow)).verdicts
}

/**
 * As `judgeRun`, with the cells' measures computed again, too: what `cacheproof report` of a stored run stands on. A cell
 * whose history turns out to be damaged is judged as one without, and `damaged` is told.
 */
export async function rejudge(
  result: RunResult,
  loadHistory: LoadHistory,
  damaged: (cell: Cell, error: HistoryFileError) => void = rethrow,
): Promise<RunResult> {
  const { cells, verdicts } = await judgeCells(result, loadHistory, damaged)
  // The schema's arrays are mutable to its readers; these are new ones.
  return { ...result, cells, verdicts: verdicts as RunResult['verdicts'] }
}

function rethrow(_: Cell, error: HistoryFileError): never {
  throw error
}

async function judgeCells(
  result: RunResult,
  loadHistory: LoadHistory,
  damaged: (cell: Cell, error: HistoryFileError) => void,
): Promise<{ readonly cells: Cell[]; readonly verdicts: readonly Verdict[] }> {
  const cells: Cell[] = []
  const verdicts: Verdict[] = []
  for (const cell of result.cells) {
    const ofCheckers = result.verdicts.filter((verdict) => verdict.kind === 'checker' && verdict.cells?.includes(cell.id)) as readonly Verdict[]
    const history = await loadHistory(cell)
    const judged = await judgeStored(cell, history, ofCheckers).catch((error: unknown) => {
      if (!(error instanceof HistoryFileError)) throw error
      damaged(cell, error)
      return judgeStored(cell, undefined, ofCheckers)
    })
    cells.push(judged.cell)
    verdicts.push(...judged.verdicts)
  }
  return { cells, verdicts: concludeRun({ ...result, cells }, verdicts) }
}

/** A cell of a stored run: measured again where its history holds every row. */
async function judgeStored(
  cell: Cell,
  history: HistorySource | undefined,
  ofCheckers: readonly Verdict[],
): Promise<{ readonly cell: Cell; readonly verdicts: readonly Verdict[] }> {
  const again = history && historyLevelOf(cell) === 'full' ? await remeasure(cell, history) : undefined
  const measured = again?.cell ?? cell
  const { verdicts, ...measures } = await judgeCell(measured, history, { verdicts: ofCheckers, ...(again && { operations: again.operations }) })
  return { cell: { ...measured, ...measures }, verdicts }
}

/** The verdicts of a run whose cells are judged: those of the cells and the claims, each failure with the command that shows it again. */
export function concludeRun(result: RunResult, ofCells: readonly Verdict[]): readonly Verdict[] {
  const replay = replayCommand(result)
  const all = [...judgeClaims(result.cells, ofCells), ...ofCells, ...judgeGates(result)].map((verdict): Verdict => {
    if (verdict.outcome === 'fails') return { replay, ...verdict }
    const { notTested } = verdict
    return notTested ? { ...verdict, notTested: { ...notTested, command: wholeCommand(notTested.command, result.command) } } : verdict
  })
  return sortVerdicts(all)
}

/** Differences that the run was told to fail on. */
function judgeGates(result: RunResult): readonly Verdict[] {
  const gates = (result.comparison?.failOn ?? []).map(parseGate).flatMap((gate) => ('problem' in gate ? [] : [gate]))
  return gates.length === 0 ? [] : gateVerdicts(comparisonOf([{ label: result.name, result }]), gates)
}

/** What caching guides say, held against all cells of a run; in the order of the registry. */
export function judgeClaims(cells: readonly Cell[], verdicts: readonly Verdict[]): readonly Verdict[] {
  return CLAIMS.map((claim) => claim.measure({ cells, verdicts }))
}

/** The tallies outside the faults; those the cell has where they can't be had again. */
function withoutFaultsOf(
  cell: Cell,
  recovery: readonly Recovery[],
  operations: OperationRecorder | undefined,
): { readonly withoutFaults?: WithoutFaults } {
  const leftOut = faultSpans(cell, recovery)
  if (leftOut.length === 0) return {}
  if (!operations) return cell.withoutFaults ? { withoutFaults: cell.withoutFaults } : {}
  const classes = operations.measurementsOutside(leftOut, cell.durationNanos)
  return { withoutFaults: { leftOut, measuredNanos: measuredNanosOutside(cell, leftOut), classes } }
}

/** A baseline is there to be compared with: nothing is expected of it. */
function expectationsOf(cell: Cell): Expectation[] {
  if (cell.role === 'baseline') return []
  const settings = cellSettings(cell)
  const given = settings.expect.map(({ line, ...rest }): Expectation => ({ ...rest, ...(line !== undefined && { line }) }))
  const isCovered = given.some(({ metric }) => metric.replace(OVERALL, '') === NO_CACHE_ERRORS.metric)
  const callsCache = cell.classes.some(({ layer }) => layer === 'cache')
  return isQuiet(settings) && !isCovered && callsCache && cell.definitions >= METRIC_DEFINITIONS ? [...given, NO_CACHE_ERRORS] : given
}

/** Expected of every workload that lets nothing go wrong: a cache that refuses is broken, also where the application survives it. */
const NO_CACHE_ERRORS: Expectation = { text: 'cache_errors == 0', metric: 'cache_errors', operator: '==', value: 0 }

/** The run's own command with its seed: on virtual time the same history again, else the same operations. */
function replayCommand({ command, seed }: RunResult): string {
  const again = elsewhere(command)
  return /\s--seed\b/.test(again) ? again : `${again} --seed ${seed}`
}
