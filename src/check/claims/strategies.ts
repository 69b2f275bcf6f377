import type { Cell } from '../../measure/run-result.ts'
import { nanosInWords } from '../../measure/words.ts'
import { cellSettings, ttlNanosOf } from '../cell-settings.ts'

/** Cache-aside as the guides mean it: a write deletes the entry. */
export function invalidates(cell: Cell): boolean {
  return cell.pattern === 'cache-aside' && onWriteOf(cell) === 'invalidate'
}

/** Cache-aside whose writes leave the cache alone: an entry is as old as its time to live allows. */
export function leavesToTtl(cell: Cell): boolean {
  return cell.pattern === 'cache-aside' && onWriteOf(cell) === 'none'
}

/** Every write sets the entry, with or without a time to live. */
export function writesThrough(cell: Cell): boolean {
  return cell.pattern === 'write-through' || cell.pattern === 'cache-aside-write-through-ttl'
}

export function ttlInWords(cell: Cell): string {
  const ttlNanos = ttlNanosOf(cellSettings(cell))
  return ttlNanos === undefined ? 'no TTL' : `a TTL of ${nanosInWords(ttlNanos)}`
}

/** A cell that does not say was recorded when there was no choice. */
function onWriteOf(cell: Cell): unknown {
  return cellSettings(cell).settings['onWrite'] ?? 'invalidate'
}
