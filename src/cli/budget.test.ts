import { expect, test } from 'vitest'
import { pilotSeed } from './budget.ts'

test.each([0, 7, 2 ** 31, 2 ** 40 + 1, Number.MAX_SAFE_INTEGER])('the pilot of seed %i has a seed of its own', (seed) => {
  expect(pilotSeed(seed)).not.toBe(seed)
  expect(Number.isSafeInteger(pilotSeed(seed))).toBe(true)
  expect(pilotSeed(seed)).toBeGreaterThanOrEqual(0)
})
