import { fc, test as property } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { namesInPieces } from './name-range.ts'

it('gives pieces across ranges, the last as long as it comes, and none that is empty', () => {
  const ranges = [
    { stem: 'a:', count: 3 },
    { stem: 'none:', count: 0 },
    { stem: 'b:', count: 2 },
  ]
  expect([...namesInPieces(ranges, 2)]).toEqual([['a:0', 'a:1'], ['a:2', 'b:0'], ['b:1']])
  expect([...namesInPieces(ranges, 5)]).toEqual([['a:0', 'a:1', 'a:2', 'b:0', 'b:1']])
  expect([...namesInPieces([], 5)]).toEqual([])
})

const ranges = fc.array(fc.record({ stem: fc.constantFrom('a:', 'b:'), count: fc.nat({ max: 9 }) }), { maxLength: 4 })

property.prop([ranges, fc.integer({ min: 1, max: 6 })], { seed: 20261127, numRuns: 200 })(
  'gives every name once, in pieces that are full',
  (given, size) => {
    const pieces = [...namesInPieces(given, size)]
    expect(pieces.flat()).toEqual(given.flatMap(({ stem, count }) => Array.from({ length: count }, (_, number) => `${stem}${number}`)))
    for (const piece of pieces.slice(0, -1)) expect(piece).toHaveLength(size)
  },
)
