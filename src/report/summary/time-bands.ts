import type { Cell } from '../../measure/run-result.ts'

/** A span or an instant of a cell's time that is drawn over every plot. */
export interface TimeBand {
  readonly kind: 'warm-up' | 'after-load' | 'fault' | 'note'
  readonly name: string
  readonly startNanos: number
  /** Equal to the start for an instant; the end of the cell for what never ended. */
  readonly endNanos: number
}

/**
 * Warm-ups, faults and notes, in the order they began; a fault without an end is an instant. Last, what completed when
 * no more fell due: late answers, and keys that were read back.
 */
export function timeBands(cell: Pick<Cell, 'events' | 'durationNanos' | 'series'>): readonly TimeBand[] {
  const seriesEnd = axisNanos(cell)
  const after: TimeBand[] =
    seriesEnd > cell.durationNanos ? [{ kind: 'after-load', name: 'after the load', startNanos: cell.durationNanos, endNanos: seriesEnd }] : []
  const during = cell.events
    .flatMap((event): TimeBand[] => {
      const { startNanos, endNanos = startNanos } = event
      if (event.kind === 'phase') return event.warmUp ? [{ kind: 'warm-up', name: event.name, startNanos, endNanos }] : []
      // What it acted on; what came of it, behind the semicolon, is too long for a plot.
      const [on = ''] = event.kind === 'fault' ? event.detail.split(';') : []
      const what = event.name === 'kill instance' ? 'kill' : event.name
      return [{ kind: event.kind, name: on ? `${what} ${on}` : event.name, startNanos, endNanos }]
    })
    .sort((a, b) => a.startNanos - b.startNanos)
  return [...during, ...after]
}

/** Where a cell's axis of time ends: with the load, or with the last that was recorded after it. */
export function axisNanos({ durationNanos, series }: Pick<Cell, 'durationNanos' | 'series'>): number {
  return Math.max(durationNanos, series.okReads.length * series.intervalNanos)
}
