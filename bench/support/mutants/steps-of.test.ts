import { expect, it } from 'vitest'
import { stepsOf } from './steps-of.ts'

const file = (path: string, lines: number) => ({ path, lines })

it('takes small files together, and a large one by itself', () => {
  const files = [file('a', 40), file('b', 60), file('c', 1), file('d', 500), file('e', 10)]
  expect(stepsOf('room', files, 100)).toEqual([
    { name: 'room: a to b', files: ['a', 'b'] },
    { name: 'room: c', files: ['c'] },
    { name: 'room: d', files: ['d'] },
    { name: 'room: e', files: ['e'] },
  ])
  expect(stepsOf('room', [])).toEqual([])
})
