import { fc, test as property } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { NumberSet } from './number-set.ts'

property.prop([fc.array(fc.integer({ min: -5, max: 15 }), { maxLength: 40 })], { seed: 20261127, numRuns: 500 })(
  'is a set, in whatever order its numbers come',
  (values) => {
    const numbers = new NumberSet()
    const model = new Set<number>()
    for (const value of values) {
      expect(numbers.add(value)).toBe(!model.has(value))
      model.add(value)
      for (let probe = -7; probe < 18; probe++) expect(numbers.has(probe), `${values}: ${probe}`).toBe(model.has(probe))
    }
  },
)

it('is empty at first', () => {
  expect(new NumberSet().has(0)).toBe(false)
})
