import type { HistoryColumns } from '../measure/history.ts'
import type { CacheValue, Cell, Leaderboard, Recovery, RunResult, Sessions, Staleness } from '../measure/run-result.ts'
import type { Verdict } from '../measure/verdict.ts'
import { auditVerdict } from './audit.ts'
import { measureCacheValue, type WireTotals } from './cache-value.ts'
import { cellSettings, expiryToleranceNanos, historyLevelOf, isSliding, ttlNanosOf } from './cell-settings.ts'
import { subjectOf } from './cell-subject.ts'
import { cellVerdicts, type HistoryFindings } from './cell-verdicts.ts'
import { CLAIMS } from './claims/registry.ts'
import { judgeExpectations } from './expectations.ts'
import { checkExpiry } from './expiry.ts'
import { checkValues } from './foreign-values.ts'
import { checkLeaderboard } from './leaderboard.ts'
import { checkLinearizability } from './linearizable.ts'
import { measureRecovery } from './recovery.ts'
import { checkSessions, type SessionFindings } from './sessions.ts'
import { sortVerdicts } from './sort-verdicts.ts'
import { checkStaleness } from './staleness.ts'

/** What a cell's history proves. Measures that do not apply, or that the history level is too low for, are absent. */
export interface CellJudgement {
  readonly staleness?: Staleness
  readonly sessions?: Sessions
  readonly leaderboard?: Leaderboard
  readonly recovery: Recovery[]
  readonly cacheValue?: CacheValue
  /** Checkers, expectations and the audit; claims need all cells of a run (`judgeRun`). */
  readonly verdicts: readonly Verdict[]
}

/** Reads a cell's history; undefined when there is none (level off, or nothing was written). */
export type LoadHistory = (cell: Cell) => HistoryColumns | undefined | Promise<HistoryColumns | undefined>

/**
 * Judges one cell. `columns`: its whole history as recorded. Without it the cell's own measures stand as they are, and
 * what can be had from classes and series is computed. `totals`: the recorder's byte counts, for levels below full.
 */
export function judgeCell(cell: Cell, columns: HistoryColumns | undefined, totals?: WireTotals): CellJudgement {
  if (cell.notApplicable !== undefined) return { recovery: [], verdicts: [] }
  const settings = cellSettings(cell)
  const subject = subjectOf(cell)
  const ttlNanos = ttlNanosOf(settings)
  const toleranceNanos = expiryToleranceNanos(cell)
  const rules = { sliding: isSliding(settings), toleranceNanos, ...(ttlNanos !== undefined && { ttlNanos }) }

  const stale = columns && subject === 'rows' ? checkStaleness(columns) : undefined
  const sessionFindings = columns && subject === 'sessions' ? checkSessions(columns, rules) : undefined
  const staleness = stale?.staleness ?? cell.staleness
  const sessions = sessionFindings?.sessions ?? cell.sessions
  const leaderboard = columns && subject === 'leaderboard' ? checkLeaderboard(columns) : cell.leaderboard
  const everyRow = historyLevelOf(cell) === 'full' ? columns : undefined
  const cacheValue = measureCacheValue(cell, everyRow, totals) ?? cell.cacheValue
  const recovery =
    columns || cell.recovery.length === 0 ? measureRecovery(cell, recoveryInputs(columns, sessionFindings, leaderboard)) : cell.recovery
  const measures = {
    ...(staleness && { staleness }),
    ...(sessions && { sessions }),
    ...(leaderboard && { leaderboard }),
    ...(cacheValue && cell.role === 'measured' && { cacheValue }),
    recovery,
  }

  const judged: Cell = { ...cell, ...measures }
  const findings: HistoryFindings | undefined = columns && {
    staleCounterexample: stale?.counterexample ?? [],
    ...(subject === 'rows' && { linearizability: checkLinearizability(columns) }),
    ...(ttlNanos !== undefined && subject !== 'leaderboard' && { expiry: checkExpiry(columns, ttlNanos, toleranceNanos) }),
    values: checkValues(columns),
  }
  const verdicts = [...cellVerdicts(judged, findings), ...judgeExpectations(judged, expectationsOf(judged)), auditVerdict(judged)]
  return { ...measures, verdicts: sortVerdicts(verdicts) }
}

/** The cell with its measures filled in. */
export function judgedCell(cell: Cell, columns: HistoryColumns | undefined, totals?: WireTotals): Cell {
  const { verdicts: _, ...measures } = judgeCell(cell, columns, totals)
  return { ...cell, ...measures }
}

/**
 * Judges a whole run from its cells and histories, one history in memory at a time: every verdict, sorted. A cell
 * without a history at hand is judged by its own measures.
 */
export async function judgeRun(result: RunResult, loadHistory: LoadHistory = () => undefined): Promise<readonly Verdict[]> {
  return (await judgeCells(result, loadHistory)).verdicts
}

/** As `judgeRun`, with the cells' measures computed again, too: what `cacheproof report` of a stored run stands on. */
export async function rejudge(result: RunResult, loadHistory: LoadHistory): Promise<RunResult> {
  const { cells, verdicts } = await judgeCells(result, loadHistory)
  // The schema's arrays are mutable to its readers; these are new ones.
  return { ...result, cells, verdicts: verdicts as RunResult['verdicts'] }
}

async function judgeCells(result: RunResult, loadHistory: LoadHistory): Promise<{ readonly cells: Cell[]; readonly verdicts: readonly Verdict[] }> {
  const cells: Cell[] = []
  const verdicts: Verdict[] = []
  for (const cell of result.cells) {
    const { verdicts: ofCell, ...measures } = judgeCell(cell, await loadHistory(cell))
    cells.push({ ...cell, ...measures })
    verdicts.push(...ofCell)
  }
  return { cells, verdicts: concludeRun({ ...result, cells }, verdicts) }
}

/** The verdicts of a run whose cells are judged: those of the cells and the claims, each failure with the command that shows it again. */
export function concludeRun(result: RunResult, ofCells: readonly Verdict[]): readonly Verdict[] {
  const replay = replayCommand(result)
  const all = [...judgeClaims(result.cells, ofCells), ...ofCells].map(
    (verdict): Verdict => (verdict.outcome === 'fails' ? { replay, ...verdict } : verdict),
  )
  return sortVerdicts(all)
}

/** What caching guides say, held against all cells of a run; in the order of the registry. */
export function judgeClaims(cells: readonly Cell[], verdicts: readonly Verdict[]): readonly Verdict[] {
  return CLAIMS.map((claim) => claim.measure({ cells, verdicts }))
}

function recoveryInputs(columns: HistoryColumns | undefined, sessions: SessionFindings | undefined, leaderboard: Leaderboard | undefined) {
  return { ...(columns && { columns }), ...(sessions && { sessionIncidents: sessions.incidents }), ...(leaderboard && { leaderboard }) }
}

/** A baseline is there to be compared with: nothing is expected of it. */
function expectationsOf(cell: Cell) {
  const { expect } = cellSettings(cell)
  return cell.role === 'baseline' ? [] : expect.map(({ line, ...rest }) => ({ ...rest, ...(line !== undefined && { line }) }))
}

/** The run's own command with its seed: on virtual time the same history again, else the same operations. */
function replayCommand({ command, seed }: RunResult): string {
  return /\s--seed\b/.test(command) ? command : `${command} --seed ${seed}`
}
