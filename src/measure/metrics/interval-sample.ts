import type { IntervalFigures } from '../interval-series.ts'
import type { ClassMeasurement } from '../run-result.ts'
import type { Sample } from './sample.ts'

/** What a step of the series holds as a sample, for the live line: no classes of its own, no checks, warm-up included. */
export function intervalSample(figures: IntervalFigures, intervalNanos: number): Sample {
  const { okReads, okWrites, failed, unknown, hits, misses, latency } = figures
  const app = (fields: Partial<ClassMeasurement>): ClassMeasurement => ({
    ...{ name: 'operation', layer: 'app', kind: 'other', ok: 0, inTime: 0, fail: 0, info: 0, unstarted: 0, errors: {} },
    ...fields,
  })
  const ok = okReads + okWrites
  return {
    cells: [],
    measuredNanos: intervalNanos,
    classes: [
      app({ ok, inTime: ok, fail: failed, info: unknown, ...(latency && { response: latency }) }),
      // Counted above: here only what the cache had to say to them.
      app({ cache: 'hit', ok: hits }),
      app({ cache: 'miss', ok: misses }),
    ],
  }
}
