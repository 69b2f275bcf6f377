import { describe, expect, test } from 'vitest'
import { createChance } from '../../runtime/chance.ts'
import { SECOND, type Stream } from '../../runtime/runtime.ts'
import type { Arrivals } from './arrivals.ts'

export interface ArrivalsSubject {
  readonly name: string
  create(ratePerSecond: number, stream: Stream): Arrivals
  /** Standard deviation of the sum of `count` gaps, in mean gaps: sqrt(count) where each is an exponential draw of its own. */
  deviation(count: number): number
}

const GAPS = 50_000

/** The stream a cell hands out, for tests. */
export function arrivalsStream(seed: number): Stream {
  return createChance(seed).stream('arrivals')
}

/** The suite of every arrival process, with a fixed seed: it is either right or wrong for ever. */
export function arrivalsContract({ name, create, deviation }: ArrivalsSubject): void {
  describe(`arrivals contract: ${name}`, () => {
    test.each([0.5, 7, 5000, 200_000])('offer the rate that was asked for, in whole nanoseconds: %d/s', (rate) => {
      const arrivals = create(rate, arrivalsStream(11))
      let sum = 0
      let odd = 0
      for (let index = 0; index < GAPS; index++) {
        const gap = arrivals.gap(index)
        if (!Number.isSafeInteger(gap) || gap < 0) odd++
        sum += gap
      }
      expect(odd).toBe(0)
      expect(Math.abs((sum * rate) / SECOND - GAPS)).toBeLessThan(4 * deviation(GAPS))
      expect(arrivals.ratePerSecond).toBe(rate)
    })

    test('are a pure function of seed and index, in whatever order they are asked for', () => {
      const arrivals = create(1000, arrivalsStream(11))
      const gaps = Array.from({ length: 100 }, (_, index) => arrivals.gap(index))
      const again = create(1000, arrivalsStream(11))
      for (let index = 99; index >= 0; index--) expect(again.gap(index)).toBe(gaps[index])
    })

    test('say what they are', () => {
      expect(create(500, arrivalsStream(11)).description).toContain(name)
      expect(create(500, arrivalsStream(11)).description).toContain('500/s')
    })
  })
}
