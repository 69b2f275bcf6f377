import type { Span } from '../measure/interval-tallies.ts'
import type { Cell } from '../measure/run-result.ts'
import { measureRecovery } from './recovery.ts'

/** The application's own mishap: the target could be reached all the while. */
const OF_THE_APPLICATION = 'kill instance'

/**
 * When the target could not be reached: from a fault's start until it was undone and operations succeeded again, by the
 * series. That the rate came back late, too, may be the generator's doing and is not waited for.
 */
export function unreachableSpans(cell: Pick<Cell, 'events' | 'durationNanos' | 'series' | 'classes'>): Span[] {
  return measureRecovery(cell, {})
    .filter(({ fault }) => fault !== OF_THE_APPLICATION)
    .map(({ startNanos, endNanos, readUnavailableNanos, writeUnavailableNanos }) => {
      const away = readUnavailableNanos === null || writeUnavailableNanos === null ? undefined : Math.max(readUnavailableNanos, writeUnavailableNanos)
      return { fromNanos: startNanos, toNanos: away === undefined ? cell.durationNanos : Math.max(endNanos ?? startNanos, startNanos + away) }
    })
}
