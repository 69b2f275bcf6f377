import type { HistoryColumns } from '../measure/history.ts'
import { commitRows } from './commits.ts'
import { codesOf, PROBE } from './rows.ts'

/**
 * When the commits were acknowledged that the system of record had lost by the end, ascending: those of versions newer
 * than what was read back from it. Undefined when nothing was read back. An empty answer means that nothing was lost
 * of the keys that were read back.
 */
export function lostCommits(columns: HistoryColumns): Float64Array | undefined {
  const { layer, fn, outcome, key, ret, done } = columns
  const isCommitted = codesOf(fn, 'committed')
  const isAbsent = codesOf(outcome, 'absent')
  const final = new Map<number, number>()
  for (let row = 0; row < columns.length; row++) {
    if (layer[row] !== PROBE || isCommitted[fn.codes[row]!] !== 1) continue
    // Without a version the row is gone, or could not be read: then nothing is known of it.
    if (!Number.isNaN(ret[row]!)) final.set(key[row]!, ret[row]!)
    else if (isAbsent[outcome.codes[row]!] === 1) final.set(key[row]!, Number.NEGATIVE_INFINITY)
  }
  if (final.size === 0) return undefined
  const commits = commitRows(columns)
  const lost: number[] = []
  for (let row = 0; row < columns.length; row++) {
    const committed = commits[row] === 1 ? final.get(key[row]!) : undefined
    if (committed !== undefined && ret[row]! > committed) lost.push(done[row]!)
  }
  return Float64Array.from(lost).sort()
}
