import type { HistoryColumns } from '../measure/history.ts'
import type { HistorySource } from '../measure/history-source.ts'
import { nearest } from '../measure/nearest.ts'
import type { Cell } from '../measure/run-result.ts'
import type { Verdict } from '../measure/verdict.ts'
import { PROGRAMS } from '../workload/patterns/registry.ts'
import { cellSettings, historyLevelOf } from './cell-settings.ts'
import type { Checker, CheckerContext, CheckerFindings, CheckerMeasures } from './checker.ts'
import type { Meter } from './meter.ts'
import { CHECKERS } from './registry.ts'

/** What a cell's checkers found, together. */
export interface Checked {
  readonly verdicts: readonly Verdict[]
  readonly measures: CheckerMeasures
  readonly findings: CheckerFindings
}

/**
 * The checkers that apply to a cell: those its pattern declares. A run of before there were declarations has none: the
 * pattern of that name says, and of one that is not known nobody does.
 *
 * @throws Error when a pattern names a checker that there is not: a mistake in the pattern
 */
export function checkersOf(cell: Pick<Cell, 'checks' | 'pattern'>): readonly Checker[] | 'unknown pattern' {
  const ids = cell.checks ?? PROGRAMS.find(({ name }) => name === cell.pattern)?.checks
  return ids === undefined ? 'unknown pattern' : ids.map((id) => findChecker(id, cell.pattern))
}

/** All that apply to the cell, in one pass over its history. Without a history: why nothing was judged. */
export function runCheckers(cell: Cell, history: HistoryColumns | undefined): Checked {
  const checkers = applicable(cell)
  if ('verdicts' in checkers) return checkers
  if (history === undefined) return NOTHING
  const running = started(checkers, cell)
  for (const one of running) one.accept(history)
  return together(running.map((one) => one.finish()))
}

/**
 * As `runCheckers`, chunk by chunk, of a history that need not be in memory; what `meters` measure is measured in the same
 * pass. Rejects with what reading it rejects with.
 */
export async function runCheckersOn(cell: Cell, history: HistorySource, meters: readonly Meter<unknown>[] = []): Promise<Checked> {
  const checkers = applicable(cell)
  const running = 'verdicts' in checkers ? [] : started(checkers, cell)
  const readers = 'verdicts' in checkers ? meters : [...checkers, ...meters]
  const columns = new Set(readers.flatMap((one) => one.columns))
  if (columns.size > 0) {
    await history.read(
      (rows) => {
        for (const one of running) one.accept(rows)
        for (const meter of meters) meter.accept(rows)
      },
      [...columns],
    )
  }
  return 'verdicts' in checkers ? checkers : together(running.map((one) => one.finish()))
}

function started(checkers: readonly Checker[], cell: Cell) {
  const context: CheckerContext = { cell, settings: cellSettings(cell) }
  return checkers.map((checker) => checker.create(context))
}

/** The checkers that apply and can judge, or what is said where none can. */
function applicable(cell: Cell): readonly Checker[] | Checked {
  const checkers = checkersOf(cell)
  if (checkers === 'unknown pattern') {
    const why = `run.json does not say what must be checked of the pattern "${cell.pattern}", and this version knows no pattern of that name`
    return { ...NOTHING, verdicts: [notJudged(cell, why, `cacheproof run ${cell.workload}`)] }
  }
  if (checkers.length === 0) return NOTHING
  if (historyLevelOf(cell) === 'off') return { ...NOTHING, verdicts: [notJudged(cell, 'the history level is "off"', '--history full')] }
  return checkers
}

const NOTHING: Checked = { verdicts: [], measures: {}, findings: {} }

function together(results: readonly ReturnType<ReturnType<Checker['create']>['finish']>[]): Checked {
  const verdicts = results.flatMap((one) => one.verdicts)
  const checked = Object.assign({}, ...results.map(({ measures }) => measures.checked ?? {})) as NonNullable<Cell['checked']>
  const measures: CheckerMeasures = Object.assign({}, ...results.map((one) => one.measures))
  const findings: CheckerFindings = Object.assign({}, ...results.map((one) => one.findings ?? {}))
  return { verdicts, measures: { ...measures, ...(Object.keys(checked).length > 0 && { checked }) }, findings }
}

function findChecker(id: string, pattern: string): Checker {
  const found = CHECKERS.find((checker) => checker.id === id)
  if (found) return found
  const names = CHECKERS.map((checker) => checker.id)
  const close = nearest(id, names)
  const choice = close === undefined ? `there are ${names.join(', ')}` : `did it mean "${close}"?`
  throw new Error(`the pattern ${pattern} declares the check "${id}", which does not exist: ${choice}`)
}

function notJudged(cell: Cell, why: string, command: string): Verdict {
  return {
    kind: 'checker',
    id: 'checker/history',
    sentence: 'The history shows what the cache did.',
    outcome: 'unknown',
    evidence: `Not tested: ${why}.`,
    observations: 0,
    notTested: { why, command },
    cells: [cell.id],
    gates: false,
  }
}
