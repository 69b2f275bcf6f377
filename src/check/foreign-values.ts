import type { HistoryColumns } from '../measure/history.ts'
import { instantInWords } from '../measure/words.ts'
import { APP, CACHE, codesOf, PROBE } from './rows.ts'

export interface ValueFindings {
  /** Rows in which a value was looked at. */
  readonly reads: number
  /** Reads that were answered with another key's value, or with one that was damaged. */
  readonly wrongValues: number
  readonly examples: readonly string[]
}

const MAX_EXAMPLES = 3

/** Every value carries its key, version and a check sum; patterns say "foreign" or "torn" when what they read does not fit. */
export function checkValues(columns: HistoryColumns): ValueFindings {
  const { layer, error, outcome, fn, key, op, sent } = columns
  const wrongError = codesOf(error, 'foreign', 'torn')
  const wrongOutcome = codesOf(outcome, 'foreign', 'torn')
  const readFn = codesOf(fn, 'read', 'cached', 'update')
  const examples: string[] = []
  let reads = 0
  let wrongValues = 0
  for (let row = 0; row < columns.length; row++) {
    if ((layer[row] !== APP && layer[row] !== PROBE && layer[row] !== CACHE) || readFn[fn.codes[row]!] !== 1) continue
    reads++
    if (wrongError[error.codes[row]!] !== 1 && wrongOutcome[outcome.codes[row]!] !== 1) continue
    wrongValues++
    if (examples.length >= MAX_EXAMPLES) continue
    const what = wrongError[error.codes[row]!] === 1 ? error.dictionary[error.codes[row]!] : outcome.dictionary[outcome.codes[row]!]
    examples.push(`${instantInWords(sent[row]!)}  operation ${op[row]}: read key ${key[row]} and got a ${what} value`)
  }
  return { reads, wrongValues, examples }
}
