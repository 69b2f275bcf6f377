import { expect, it } from 'vitest'
import { keptByKey } from './kept-by-key.ts'

it('makes what belongs to a key once, in whatever order keys come', () => {
  const made: number[] = []
  const nameOf = keptByKey((keyId) => {
    made.push(keyId)
    return `row:${keyId}`
  })
  expect([7, 0, 7, 3, 0, 7].map(nameOf)).toEqual(['row:7', 'row:0', 'row:7', 'row:3', 'row:0', 'row:7'])
  expect(made).toEqual([7, 0, 3])
})

it('makes anew what is too much to keep', () => {
  let made = 0
  const nameOf = keptByKey(() => ++made)
  expect([nameOf(2 ** 20), nameOf(2 ** 20), nameOf(2 ** 20 - 1), nameOf(2 ** 20 - 1)]).toEqual([1, 2, 3, 3])
})
