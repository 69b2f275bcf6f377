import { expect, test } from 'vitest'
import { createChance } from '../../runtime/chance.ts'
import { createValueMaker } from './create-value-maker.ts'
import { largestValueBytes } from './largest-value.ts'

const stream = () => createChance(7).stream('values')

test('is the size of the largest value that is made', () => {
  const size = { kind: 'lognormal', medianBytes: 400, p99Bytes: 4_000 } as const
  const values = createValueMaker({ size, compressible: 0.5 }, stream())
  const made = Array.from({ length: 5_000 }, (_, key) => values.make(key, 1, 1).length)
  expect(largestValueBytes(size, 5_000, stream())).toBe(Math.max(...made))
})

test('of sizes that are given it is the largest of them, and never less than a value has', () => {
  expect(largestValueBytes({ kind: 'fixed', bytes: 2_000_000 }, 1_000, stream())).toBe(2_000_000)
  expect(largestValueBytes({ kind: 'uniform', minBytes: 100, maxBytes: 9_000 }, 3, stream())).toBe(9_000)
  expect(largestValueBytes({ kind: 'fixed', bytes: 1 }, 1, stream())).toBe(
    createValueMaker({ size: { kind: 'fixed', bytes: 1 }, compressible: 0 }, stream()).make(0, 1, 1).length,
  )
})
