import { expect, test } from 'vitest'
import { KILLED } from '../measure/killed.ts'
import { figureOfCell } from '../measure/metrics/measure-figure.ts'
import { cellFixture, classFixture } from './cell-fixture.contract.ts'

const calls = (fail: number, info: number, errors: Record<string, number>) =>
  cellFixture({ classes: [{ ...classFixture('cache', 'get', 'read', 100), fail, info, errors }] })

test('counts what failed and what is unknown, but not what was under way when its own instance ended', () => {
  expect(figureOfCell(calls(2, 3, { OOM: 2, timeout: 3 }), 'cache_errors')).toBe(5)
  expect(figureOfCell(calls(2, 4, { OOM: 2, timeout: 1, [KILLED]: 3 }), 'cache_errors')).toBe(3)
  expect(figureOfCell(calls(0, 3, { [KILLED]: 3 }), 'cache_errors')).toBe(0)
  expect(figureOfCell(cellFixture({ classes: [] }), 'cache_errors')).toBeNull()
})
