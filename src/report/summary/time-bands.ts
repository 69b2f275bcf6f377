import type { Cell } from '../../measure/run-result.ts'

/** A span or an instant of a cell's time that is drawn over every plot. */
export interface TimeBand {
  readonly kind: 'warm-up' | 'fault' | 'note'
  readonly name: string
  readonly startNanos: number
  /** Equal to the start for an instant; the end of the cell for what never ended. */
  readonly endNanos: number
}

/** Warm-ups, faults and notes, in the order they began. A fault without an end is an instant; one that was cut off by the end of the cell has none either. */
export function timeBands(cell: Pick<Cell, 'events' | 'durationNanos'>): readonly TimeBand[] {
  return cell.events
    .flatMap((event): TimeBand[] => {
      const { startNanos, endNanos = startNanos } = event
      if (event.kind === 'phase') return event.warmUp ? [{ kind: 'warm-up', name: event.name, startNanos, endNanos }] : []
      return [{ kind: event.kind, name: event.detail && event.kind === 'fault' ? `${event.name} ${event.detail}` : event.name, startNanos, endNanos }]
    })
    .sort((a, b) => a.startNanos - b.startNanos)
}
