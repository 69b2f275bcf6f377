import { createHash } from 'node:crypto'
import { canonicalHistory } from './concat-histories.ts'
import type { HistoryColumns } from './history.ts'
import { dictionaryOf, HISTORY_COLUMNS, type NumberArray, numbersOf } from './history-columns.ts'

/**
 * SHA-256 (hex) over all rows in order. Depends on what the rows say only, not on the order of dictionaries or on
 * where the columns come from (memory, segments, Parquet): equal for equal virtual runs.
 */
export function historyHash(columns: HistoryColumns): string {
  const canonical = canonicalHistory(columns)
  const hash = createHash('sha256').update(`cacheproof history 1, ${canonical.length} rows\n`)
  for (const { name, type, integer } of HISTORY_COLUMNS) {
    hash.update(`${name} ${type}\n`)
    const dictionary = dictionaryOf(canonical, name)
    if (dictionary) hash.update(JSON.stringify(dictionary))
    const numbers = numbersOf(canonical, name)
    const values = type === 'float64' && !integer ? canonicalFloats(numbers) : numbers
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  }
  return hash.digest('hex')
}

/** One bit pattern for NaN and one for zero. */
function canonicalFloats(values: NumberArray): Float64Array {
  const canonical = new Float64Array(values.length)
  for (let row = 0; row < canonical.length; row++) {
    const value = values[row]!
    canonical[row] = Number.isNaN(value) ? Number.NaN : value + 0
  }
  return canonical
}
