import { expect, it } from 'vitest'
import { filePartsOf } from './file-parts.ts'

const cuts = (source: string, lines: number) => filePartsOf('a.ts', source, lines).map(({ fromLine, toLine }) => [fromLine, toLine])
const FUNCTION = 'function f() {\n  if (a) {\n    b()\n  }\n}\n'
const CLASS = 'export class A {\n  one() {\n    if (a) {\n    }\n  }\n  two() {\n    b()\n  }\n}\n'

it('a small file is one part', () => {
  expect(filePartsOf('a.ts', FUNCTION, 10)).toEqual([{ path: 'a.ts', fromLine: 1, toLine: 6 }])
  expect(cuts('', 10)).toEqual([[1, 1]])
})

it('a large one is cut between declarations, and never within one', () => {
  expect(cuts(FUNCTION.repeat(4), 4)).toEqual([
    [1, 5],
    [6, 10],
    [11, 15],
    [16, 21],
  ])
  expect(cuts(FUNCTION.repeat(4), 6)).toEqual([
    [1, 10],
    [11, 21],
  ])
})

it('is cut between the members of a class as well', () => {
  expect(cuts(CLASS, 4)).toEqual([
    [1, 5],
    [6, 10],
  ])
})

it('leaves no small rest', () => {
  expect(cuts(FUNCTION + FUNCTION, 5)).toEqual([
    [1, 5],
    [6, 11],
  ])
  expect(cuts(`${FUNCTION}a()\n`, 5)).toEqual([[1, 7]])
})
