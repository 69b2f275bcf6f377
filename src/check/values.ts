import type { HistoryColumns } from '../measure/history.ts'
import { countInWords, instantInWords, plural } from '../measure/words.ts'
import type { Checker, CheckerContext, CheckerResult, RunningChecker } from './checker.ts'
import { checkerVerdict } from './checker-verdict.ts'
import { APP, CACHE, codesOf, codesWhere, DATABASE, FAIL, OK, PROBE } from './rows.ts'
import { noneOf } from './rule-of-three.ts'

export interface ValueFindings {
  /** Reads that were answered with a value, or with "there is no such row" where there is one. */
  readonly reads: number
  /** Reads that were answered with another key's value, or with one that was damaged. */
  readonly wrongValues: number
  /** Reads that were answered "there is no such row" of a row that was there. */
  readonly wronglyAbsent: number
  readonly examples: readonly string[]
}

const MAX_EXAMPLES = 3
/** The version rows hold before any write (database.ts: `load`). */
const FIRST_VERSION = 1

/**
 * Every value carries its key, version and a check sum; patterns say "foreign" or "torn" (as the error, or the outcome of
 * a probe) when what they read does not fit, and "absent" in the class of a read that found no row. A row is there from
 * the first sign of it on; one that nobody made in this history was there from the beginning.
 */
export const values: Checker = {
  id: 'values',
  sentence: 'Every value that was read was whole and belonged to its key, and every row that is there was found.',
  columns: ['op', 'layer', 'key', 'fn', 'outcome', 'ret', 'writer', 'sent', 'done', 'status', 'error'],
  create: (context) => new RunningValues(context),
}

/** The same on columns in memory, without a cell. */
export function checkValues(columns: HistoryColumns): ValueFindings {
  const running = new RunningValues()
  running.accept(columns)
  return running.findings()
}

/** What is known of whether a row is there. */
interface RowOfKey {
  /** When something that showed it was over. */
  knownNanos: number
  /** A write of this history may have made it; or it was there before the load for certain. */
  made: boolean
  loaded: boolean
  /** Reads that found none before it was known to be there, and the first of them. */
  absent: number
  firstAbsent: string
}

class RunningValues implements RunningChecker {
  readonly #context: CheckerContext | undefined
  readonly #rows = new Map<number, RowOfKey>()
  readonly #examples: string[] = []
  #reads = 0
  #wrongValues = 0
  #wronglyAbsent = 0

  constructor(context?: CheckerContext) {
    this.#context = context
  }

  accept(rows: HistoryColumns): void {
    const { layer, status, error, outcome, fn, key, ret, writer, sent, done } = rows
    const isWrong = (text: string) => text === 'foreign' || text === 'torn'
    const wrongError = codesWhere(error, isWrong)
    const wrongOutcome = codesWhere(outcome, isWrong)
    const absent = codesWhere(outcome, (text) => /\babsent\b/.test(text))
    const isRead = codesOf(fn, 'read', 'cached', 'committed', 'update')
    const isRowRead = codesOf(fn, 'read', 'committed')
    const isWrite = codesOf(fn, 'write')
    for (let row = 0; row < rows.length; row++) {
      if (sent[row]! < 0 || key[row]! < 0) continue
      const code = fn.codes[row]!
      const version = ret[row]!
      if (isWrite[code] === 1) {
        if (layer[row] !== CACHE && status[row] !== FAIL)
          this.#written(key[row]!, version, status[row] === OK ? done[row]! : Number.POSITIVE_INFINITY)
        continue
      }
      if (isRead[code] !== 1) continue
      if (layer[row] === DATABASE) {
        if (status[row] === OK && version >= FIRST_VERSION) this.#known(key[row]!, done[row]!, false)
        continue
      }
      if (layer[row] !== APP && layer[row] !== PROBE) continue
      if (wrongError[error.codes[row]!] === 1 || wrongOutcome[outcome.codes[row]!] === 1) {
        this.#reads++
        this.#wrongValues++
        const what = wrongError[error.codes[row]!] === 1 ? error.dictionary[error.codes[row]!] : outcome.dictionary[outcome.codes[row]!]
        this.#example(rows, row, `got a ${what} value`)
      } else if (status[row] === OK && !Number.isNaN(version)) {
        this.#reads++
        if (isRowRead[code] === 1) this.#known(key[row]!, done[row]!, version === FIRST_VERSION && writer[row] === 0)
      } else if (status[row] === OK && isRowRead[code] === 1 && absent[outcome.codes[row]!] === 1) this.#absent(rows, row)
    }
  }

  finish(): CheckerResult {
    const { reads, wrongValues, wronglyAbsent, examples } = this.findings()
    const fails = wrongValues + wronglyAbsent > 0
    const verdict = checkerVerdict(this.#context!.cell, {
      id: 'checker/values',
      sentence: values.sentence,
      gates: true,
      observations: reads,
      of: 'reads that were answered with a value',
      fails,
      evidence: fails
        ? `${countInWords(wrongValues)} of ${plural(reads, 'read')} got another key's value or a damaged one, and ${countInWords(wronglyAbsent)} were told that a row is absent which is there`
        : `Wrong values: ${noneOf(reads)}`,
      numbers: { reads, wrongValues, wronglyAbsent },
      counterexample: examples,
      testedBy: 'cache-aside',
    })
    return { verdicts: [verdict], measures: {} }
  }

  findings(): ValueFindings {
    for (const row of this.#rows.values()) {
      if (row.absent === 0 || (row.made && !row.loaded) || row.knownNanos === Number.POSITIVE_INFINITY) continue
      this.#reads += row.absent
      this.#wronglyAbsent += row.absent
      if (this.#examples.length < MAX_EXAMPLES) this.#examples.push(row.firstAbsent)
    }
    this.#rows.clear()
    return { reads: this.#reads, wrongValues: this.#wrongValues, wronglyAbsent: this.#wronglyAbsent, examples: this.#examples }
  }

  /** Rows begin with version 1: whoever wrote that, or may have, made the row. */
  #written(key: number, version: number, doneNanos: number): void {
    const row = this.#row(key)
    if (version === FIRST_VERSION || Number.isNaN(version)) row.made = true
    if (version >= FIRST_VERSION) row.knownNanos = Math.min(row.knownNanos, doneNanos)
  }

  #known(key: number, doneNanos: number, loaded: boolean): void {
    const row = this.#row(key)
    if (loaded) row.loaded = true
    row.knownNanos = Math.min(row.knownNanos, doneNanos)
  }

  #absent(rows: HistoryColumns, row: number): void {
    const known = this.#row(rows.key[row]!)
    if (known.knownNanos < rows.sent[row]!) {
      this.#reads++
      this.#wronglyAbsent++
      this.#example(rows, row, 'was told that there is no such row')
      return
    }
    if (known.absent++ === 0) known.firstAbsent = sentenceOf(rows, row, 'was told that there is no such row')
  }

  #example(rows: HistoryColumns, row: number, what: string): void {
    if (this.#examples.length < MAX_EXAMPLES) this.#examples.push(sentenceOf(rows, row, what))
  }

  #row(key: number): RowOfKey {
    let row = this.#rows.get(key)
    if (row === undefined) {
      row = { knownNanos: Number.POSITIVE_INFINITY, made: false, loaded: false, absent: 0, firstAbsent: '' }
      this.#rows.set(key, row)
    }
    return row
  }
}

function sentenceOf({ sent, op, key }: HistoryColumns, row: number, what: string): string {
  return `${instantInWords(sent[row]!)}  operation ${op[row]}: read key ${key[row]} and ${what}`
}
