import { expect, test } from 'vitest'
import { Fifo } from './fifo.ts'

test('what comes first goes first, however often it is emptied', () => {
  const fifo = new Fifo<number>()
  const out: (number | undefined)[] = []
  let next = 0
  for (let round = 0; round < 50; round++) {
    for (let index = 0; index < round * 3; index++) fifo.push(next++)
    for (let index = 0; index < round * 2; index++) out.push(fifo.shift())
  }
  while (fifo.length > 0) out.push(fifo.shift())
  expect(out).toEqual(Array.from({ length: next }, (_, index) => index))
  expect(fifo.shift()).toBeUndefined()
  expect(fifo.length).toBe(0)
})
