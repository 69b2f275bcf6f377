import type { HistoryColumns } from '../measure/history.ts'
import { APP, codesOf, DATABASE, OK } from './rows.ts'

/**
 * For each row 1 if it acknowledges the commit of a version (`ret`) to its writer: the database's answer to a write,
 * or, in a history without a database layer (someone else's), the application's write.
 */
export function commitRows(columns: HistoryColumns): Uint8Array {
  const { layer, status, ret, fn } = columns
  const isWrite = codesOf(fn, 'write')
  const commits = new Uint8Array(columns.length)
  let found = 0
  let databaseCalls = 0
  for (let row = 0; row < columns.length; row++) {
    if (layer[row] !== DATABASE) continue
    databaseCalls++
    if (status[row] === OK && isWrite[fn.codes[row]!] === 1 && !Number.isNaN(ret[row]!)) found += commits[row] = 1
  }
  if (found === 0 && databaseCalls === 0) {
    for (let row = 0; row < columns.length; row++) {
      if (layer[row] === APP && status[row] === OK && isWrite[fn.codes[row]!] === 1 && !Number.isNaN(ret[row]!)) commits[row] = 1
    }
  }
  return commits
}
