import type { HistoryColumns } from '../measure/history.ts'
import { checkCommits } from './commits.ts'

/**
 * When the commits were acknowledged that the system of record had lost by the end, ascending: those of versions newer
 * than what was read back from it, and those that turned out to be somebody else's. Undefined when nothing was read back.
 * An empty answer means that nothing was lost of the keys that were read back.
 */
export function lostCommits(columns: HistoryColumns): Float64Array | undefined {
  const { readBack, lostAtNanos } = checkCommits(columns)
  return readBack === 0 ? undefined : lostAtNanos
}
