import { cacheRefusals } from '../../check/cache-refusals.ts'
import { callsOf, sumOf, totalOf } from '../../measure/metrics/tally-sums.ts'
import type { Cell, RunResult } from '../../measure/run-result.ts'
import { countInWords, plural } from '../../measure/words.ts'
import { countsInWords } from '../text/counts-in-words.ts'
import { missingInWords } from './missing-words.ts'
import { unsteadyReason } from './warm-up-words.ts'

/** Can the figures be believed? Says nothing about the target, only about how it was measured. Every output shows this one. */
export interface Lamp {
  /** Green: soundly measured. Amber: some of it is not. Red: none of the figures can be believed. */
  readonly colour: 'green' | 'amber' | 'red'
  readonly words: string
  /** All reasons in one sentence without its full stop, to stand on the lamp's own line. Empty when it is green. */
  readonly reason: string
  /** More of them, one sentence each. */
  readonly details: readonly string[]
}

const WORDS = { green: 'Measured soundly', amber: 'Trust with care', red: 'Do not compare' } as const

interface Reason {
  readonly colour: 'amber' | 'red'
  /** Without a full stop: it stands in a line with others. */
  readonly words: string
  readonly detail?: string
}

type LitRun = Pick<RunResult, 'cells' | 'status' | 'missingCells'>

export function lampOf(result: LitRun): Lamp {
  const applicable = result.cells.filter((cell) => cell.notApplicable === undefined)
  const measured = applicable.filter(({ measuredNanos, classes }) => measuredNanos > 0 && totalOf(classes) > 0)
  const reasons = [
    nothingMeasured(result, measured),
    cacheRefused(measured),
    ended(result),
    generatorLimited(measured),
    unsteady(applicable),
    endedEarly(applicable),
    tornHistories(applicable),
  ].filter((reason) => reason !== undefined)
  const colour = reasons.some((one) => one.colour === 'red') ? 'red' : reasons.length > 0 ? 'amber' : 'green'
  return {
    colour,
    words: WORDS[colour],
    reason: reasons.map(({ words }) => words).join('; '),
    details: reasons.flatMap(({ detail }) => detail ?? []),
  }
}

function nothingMeasured(result: LitRun, measured: readonly Cell[]): Reason | undefined {
  if (measured.length > 0) return undefined
  const before = { complete: '', interrupted: ' before the run was interrupted', recovered: ' before the run died' }[result.status]
  return { colour: 'red', words: `nothing was measured${before}` }
}

function cacheRefused(measured: readonly Cell[]): Reason | undefined {
  const asked = measured.filter((cell) => totalOf(callsOf(cell, 'cache')) > 0)
  const refusing = asked.filter((cell) => cacheRefusals([cell]).refused > 0)
  if (refusing.length === 0) return undefined
  const isDead = (cell: Cell) => sumOf(callsOf(cell, 'cache'), ({ ok }) => ok) === 0
  const all = cacheRefusals(refusing)
  const codes = `${countsInWords(all.codes)} of ${countInWords(all.calls)} calls${cellsInWords(refusing, asked)}`
  return refusing.filter(isDead).length === asked.length
    ? { colour: 'red', words: `the cache answered no call (${codes})` }
    : { colour: 'amber', words: `the cache failed without a fault that was planned (${codes})` }
}

function ended(result: LitRun): Reason | undefined {
  if (result.status === 'complete') return undefined
  const missing = missingInWords(result)
  const how = result.status === 'interrupted' ? 'the run was interrupted' : 'the run died'
  return { colour: 'amber', words: missing === undefined ? how : `${how}, missing: ${missing}` }
}

function generatorLimited(measured: readonly Cell[]): Reason | undefined {
  const limited = measured.filter((cell) => cell.audit.generatorLimited)
  const [first] = limited
  if (!first) return undefined
  const [worst] = first.audit.reasons
  return {
    colour: limited.length === measured.length ? 'red' : 'amber',
    words: `the load generator was the bottleneck${cellsInWords(limited, measured)}${worst === undefined ? '' : ` (${worst})`}`,
    detail: `Latencies and rates of ${limited.length === 1 ? first.id : `${first.id} and ${plural(limited.length - 1, 'more measurement')}`} are partly the generator's own, and are left out of comparisons${first.audit.reasons.length > 1 ? `: ${first.audit.reasons.join('; ')}` : ''}.`,
  }
}

function unsteady(applicable: readonly Cell[]): Reason | undefined {
  const detail = unsteadyReason(applicable)
  return detail === undefined ? undefined : { colour: 'amber', words: 'not in a steady state when it was measured', detail }
}

function endedEarly(applicable: readonly Cell[]): Reason | undefined {
  const early = applicable.filter((cell) => cell.endedEarly !== undefined)
  const [first] = early
  return first && { colour: 'amber', words: `${plural(early.length, 'measurement')} ended early (${first.endedEarly})` }
}

function tornHistories(applicable: readonly Cell[]): Reason | undefined {
  const torn = applicable.filter((cell) => cell.history.tornSegments > 0)
  return torn.length === 0 ? undefined : { colour: 'amber', words: `${plural(torn.length, 'history', 'histories')} could not be read back in full` }
}

function cellsInWords(some: readonly Cell[], all: readonly Cell[]): string {
  return some.length === all.length ? '' : ` in ${some.length} of ${plural(all.length, 'measurement')}`
}
