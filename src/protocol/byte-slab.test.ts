import { expect, it } from 'vitest'
import { ByteSlab } from './byte-slab.ts'

it('gives pieces that have nothing in common', () => {
  const slab = new ByteSlab()
  const sizes = Array.from({ length: 500 }, (_, i) => [0, 1, 31, 500, 4_096, 4_097, 100_000][i % 7]!)
  const pieces = sizes.map((size) => slab.take(size))
  expect(pieces.map(({ length }) => length)).toEqual(sizes)
  for (const [number, piece] of pieces.entries()) piece.fill(number % 251)
  expect(pieces.every((piece, number) => piece.every((byte) => byte === number % 251))).toBe(true)
})
