import { expect, it } from 'vitest'
import { stepsOf } from './steps-of.ts'

const file = (path: string, lines: number) => ({ path, source: '\n'.repeat(lines - 1) })
const whole = (path: string, toLine: number) => ({ path, fromLine: 1, toLine })

it('takes small files together, and a large one by itself', () => {
  const files = [file('a', 40), file('b', 60), file('c', 1), file('d', 500), file('e', 10)]
  expect(stepsOf('room', files, 100)).toEqual([
    { name: 'room: a to b', parts: [whole('a', 40), whole('b', 60)] },
    { name: 'room: c', parts: [whole('c', 1)] },
    { name: 'room: d', parts: [whole('d', 500)] },
    { name: 'room: e', parts: [whole('e', 10)] },
  ])
  expect(stepsOf('room', [])).toEqual([])
})

it('takes a large file by its parts, where it can be cut', () => {
  const source = 'function f() {\n  a()\n}\n'.repeat(2)
  expect(stepsOf('room', [{ path: 'a', source }], 3)).toEqual([
    { name: 'room: a (1 of 2)', parts: [{ path: 'a', fromLine: 1, toLine: 3 }] },
    { name: 'room: a (2 of 2)', parts: [{ path: 'a', fromLine: 4, toLine: 7 }] },
  ])
})
