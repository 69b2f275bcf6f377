import { expect, it } from 'vitest'
import { SECOND } from '../runtime/runtime.ts'
import { parseDuration } from '../workload/file/units.ts'
import { cellFixture } from './cell-fixture.contract.ts'
import { elsewhere, forAtLeast, suitesOn, wholeCommand } from './test-command.ts'

it('names a time that is long enough, in words that a flag takes', () => {
  for (const nanos of [1, 1.5e6, SECOND, 14.2 * SECOND, 300 * SECOND, 5400 * SECOND, 90_001 * SECOND]) {
    const parsed = parseDuration(forAtLeast(nanos).replace('--duration ', ''))
    expect(parsed.ok && parsed.value).toBeGreaterThanOrEqual(nanos)
    expect(parsed.ok && parsed.value).toBeLessThan(Math.max(1e6, nanos) * 1.25 + SECOND)
  }
  expect(forAtLeast(5400 * SECOND)).toBe('--duration 90m')
  // No phase is longer than a week.
  expect(forAtLeast(1e9 * SECOND)).toBe('--duration 10080m')
})

it('puts flags into the command of the run, in place of those that are there', () => {
  expect(wholeCommand('--duration 90m', 'cacheproof run my.yaml --duration 5s --seed 7')).toBe('cacheproof run my.yaml --seed 7 --duration 90m')
  expect(wholeCommand('--history full', 'cacheproof run kv-mix --history=off')).toBe('cacheproof run kv-mix --history full')
  expect(wholeCommand('--duration 9s', "cacheproof run x --out 'my runs/1' --quiet")).toBe('cacheproof run x --quiet --duration 9s')
  expect(elsewhere('cacheproof run x --out=/tmp/a --seed 7')).toBe('cacheproof run x --seed 7')
  expect(wholeCommand('cacheproof run session-store', 'cacheproof run x')).toBe('cacheproof run session-store')
})

it('names suites on the target of the cell', () => {
  expect(suitesOn(cellFixture(), 'cache-aside', 'write-through')).toBe('cacheproof run cache-aside write-through --target local:redis')
})
