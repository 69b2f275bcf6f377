import { expect, test } from 'vitest'
import { SECOND } from '../runtime/runtime.ts'
import { cellFixture } from './cell-fixture.contract.ts'
import { ENOUGH_OBSERVATIONS, tooFew } from './too-few.ts'

const cell = cellFixture({ measuredNanos: 10 * SECOND })
const reads = (observations: number, least?: number) => tooFew(cell, { observations, ...(least && { least }), of: 'reads', testedBy: ['a', 'b'] })

test('enough is enough, one fewer is not', () => {
  expect(reads(ENOUGH_OBSERVATIONS)).toBeUndefined()
  expect(reads(ENOUGH_OBSERVATIONS - 1)?.why).toBe('only 29 reads')
  expect(reads(1000, 1000)).toBeUndefined()
  expect(reads(999, 1000)?.why).toBe('only 999 reads')
})

test('names a run of twice what it takes, or suites where there was nothing to go by', () => {
  // 20 in 10 s: 60 take 30 s.
  expect(reads(20)?.command).toBe('--duration 30s')
  expect(reads(0)).toEqual({ why: 'there were no reads', command: 'cacheproof run a b --target local:redis' })
  expect(tooFew({ ...cell, measuredNanos: 0 }, { observations: 5, of: 'reads', testedBy: 'a' })?.command).toBe(
    'cacheproof run a --target local:redis',
  )
})
