import { describe, expect, test } from 'vitest'
import { createChance } from '../../runtime/chance.ts'
import type { Stream } from '../../runtime/runtime.ts'
import type { KeyChooser } from './key-chooser.ts'

export interface KeyChooserSubject {
  readonly name: string
  create(count: number, stream: Stream): KeyChooser
  /** P(rank) where rank 0 is the most likely key, at operation `index`. */
  probability(rank: number, count: number): number
  /** Which rank a key has at operation `index`, for the seed `CONTRACT_SEED`. */
  rankOf(key: number, index: number, count: number): number
}

export const CONTRACT_SEED = 7
const DRAWS = 200_000

/** The suite of every key chooser: range, purity, and the exact distribution (chi-square, one fixed seed). */
export function keyChooserContract(subject: KeyChooserSubject): void {
  const make = (count: number, seed = CONTRACT_SEED) => subject.create(count, keyStream(seed))

  describe(`key chooser contract: ${subject.name}`, () => {
    test.each([1, 2, 3, 10, 1000, 99_991])('keys of %i are integers within range', (count) => {
      const chooser = make(count)
      expect(chooser.count).toBe(count)
      for (let index = 0; index < 2000; index++) {
        const key = chooser.key(index)
        expect(Number.isInteger(key) && key >= 0 && key < count).toBe(true)
      }
    })

    test('a key is a pure function of seed and index, in whatever order it is asked for', () => {
      const forward = make(5000)
      const backward = make(5000)
      const keys = Array.from({ length: 1000 }, (_, index) => forward.key(index))
      for (let index = 999; index >= 0; index--) expect(backward.key(index)).toBe(keys[index])
      const other = make(5000, 8)
      expect(keys.some((key, index) => key !== other.key(index))).toBe(true)
    })

    test('lanes are independent draws', () => {
      const chooser = make(1000)
      let equal = 0
      for (let index = 0; index < 2000; index++) if (chooser.key(index, 0) === chooser.key(index, 1)) equal++
      expect(equal).toBeLessThan(1000)
    })

    test('says what it is', () => {
      expect(make(100_000).description).toContain('100,000 keys')
    })

    test.each([10, 200])('the distribution over %i keys is the exact one', (count) => {
      const counts = countRanks(make(count), count)
      expect(chiSquare(counts, (rank) => subject.probability(rank, count))).toBeLessThan(chiSquareBound(count - 1))
    })
  })

  function countRanks(chooser: KeyChooser, count: number): number[] {
    const counts = new Array<number>(count).fill(0)
    for (let index = 0; index < DRAWS; index++) counts[subject.rankOf(chooser.key(index), index, count)]!++
    return counts
  }
}

/** The stream a cell hands out, for tests. */
export function keyStream(seed: number): Stream {
  return createChance(seed).stream('keys')
}

function chiSquare(counts: readonly number[], probability: (rank: number) => number): number {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.reduce((sum, count, rank) => {
    const expected = probability(rank) * total
    return sum + (count - expected) ** 2 / expected
  }, 0)
}

/** The 99.99 % point of chi-square (Wilson & Hilferty 1931): with a fixed seed the test is either right or wrong for ever. */
function chiSquareBound(degrees: number): number {
  const spread = 2 / (9 * degrees)
  return degrees * (1 - spread + 3.719 * Math.sqrt(spread)) ** 3
}
