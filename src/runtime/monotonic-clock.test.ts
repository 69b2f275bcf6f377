import { expect, test } from 'vitest'
import { monotonicClock } from './monotonic-clock.ts'

test('is the system-wide clock, in whole nanoseconds, and does not run backward', () => {
  const origin = process.hrtime.bigint() - 3_600_000_000_000n
  const now = monotonicClock(origin)
  let last = 0
  let odd = 0
  let apart = Number.POSITIVE_INFINITY
  for (let n = 0; n < 10_000; n++) {
    const before = Number(process.hrtime.bigint() - origin)
    const read = now()
    const after = Number(process.hrtime.bigint() - origin)
    if (!Number.isSafeInteger(read) || read < last) odd++
    last = read
    // The machine may pause between two readings, but not always.
    apart = Math.min(apart, Math.max(before - read, read - after))
  }
  expect(odd).toBe(0)
  expect(apart).toBeLessThan(2_000)
})
