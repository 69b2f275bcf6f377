import { performance } from 'node:perf_hooks'
import type { Nanos } from './runtime.ts'

const CALIBRATIONS = 16

/**
 * Integer nanoseconds since `originHrtime` on the system-wide clock. Read by `performance.now`, which counts the same clock
 * from an origin of this thread's own: a reading of `process.hrtime.bigint` makes two big integers and takes about twice as
 * long, and an operation costs some ten readings. What lies between the two origins is found once, to a fraction of a
 * microsecond.
 */
export function monotonicClock(originHrtime: bigint): () => Nanos {
  let offsetNanos = 0
  let narrowest = Number.POSITIVE_INFINITY
  for (let n = 0; n < CALIBRATIONS; n++) {
    const before = Number(process.hrtime.bigint() - originHrtime)
    const millis = performance.now()
    const after = Number(process.hrtime.bigint() - originHrtime)
    if (after - before >= narrowest) continue
    narrowest = after - before
    offsetNanos = Math.round((before + after) / 2 - millis * 1e6)
  }
  return () => Math.round(performance.now() * 1e6) + offsetNanos
}
