import { expect, test } from 'vitest'
import { SECOND } from '../../runtime/runtime.ts'
import type { CacheState } from '../../targets/cache-state.ts'
import { type StepCounts, WarmUpWatch, type WarmUpWatchOptions } from './warm-up-watch.ts'

const STEP = SECOND / 4

/** Looks once a step, at a load of 1,000 operations a step; the second at which it decided, and what. */
function watched(hitRatio: (step: number) => number, options: Partial<WarmUpWatchOptions> = {}) {
  const asked: number[] = []
  const watch = new WarmUpWatch({
    indicators: ['hit_ratio'],
    stepNanos: STEP,
    atLeastNanos: 0,
    capNanos: 10 * SECOND,
    aheadNanos: SECOND / 10,
    countsOf: (step): StepCounts => {
      asked.push(step)
      return { operations: 1000, hits: Math.round(1000 * hitRatio(step)), misses: 1000 - Math.round(1000 * hitRatio(step)) }
    },
    readState: (done) => done(undefined),
    ...options,
  })
  watch.begin()
  for (let step = 1; step < 100; step++) {
    const decision = watch.look(step * STEP, step * STEP)
    if (decision) return { lookedUntil: (step * STEP) / SECOND, seconds: decision.endNanos / SECOND, ...decision, asked }
  }
  throw new Error('it never decided')
}

test('a load that is steady from the start is measured after two windows of 2,000 operations', () => {
  expect(watched(() => 0.8)).toMatchObject({
    lookedUntil: 1,
    seconds: 2,
    endedBecause: 'steady',
    indicators: [{ name: 'hit_ratio', first: 0.8, second: 0.8 }],
  })
})

test('a share that drifts is waited for', () => {
  expect(watched((step) => Math.min(0.8, 0.4 + step * 0.03))).toMatchObject({ endedBecause: 'steady', lookedUntil: 4, seconds: 5 })
})

test('its end is said in time, at the latest before the cap', () => {
  expect(watched(() => 0.8, { aheadNanos: 1.2 * SECOND }).seconds).toBe(3)
  expect(watched(() => 0.8, { capNanos: 1.5 * SECOND })).toMatchObject({ endedBecause: 'steady', seconds: 1.5 })
  expect(watched((step) => (step % 4) / 4, { capNanos: 5 * SECOND, aheadNanos: 0.6 * SECOND })).toMatchObject({
    endedBecause: 'cap',
    lookedUntil: 4.25,
    seconds: 5,
  })
})

test('one that never settles ends with its time, and says so', () => {
  expect(watched((step) => (Math.floor(step / 2) % 2 === 0 ? 0.2 : 0.8))).toMatchObject({ endedBecause: 'cap', lookedUntil: 9.75, seconds: 10 })
})

test('without an indicator one window is enough', () => {
  expect(watched(() => 0, { indicators: [] })).toMatchObject({ endedBecause: 'one window', lookedUntil: 0.5, seconds: 1, indicators: [] })
})

test('it lasts exactly as long as that of the cells it is compared with, if it is steady by then', () => {
  expect(watched(() => 0.8, { atLeastNanos: 3 * SECOND })).toMatchObject({ endedBecause: 'steady', seconds: 3 })
  expect(watched(() => 0.8, { atLeastNanos: 12 * SECOND })).toMatchObject({ endedBecause: 'steady', seconds: 12 })
  const drifts = (step: number) => Math.min(0.8, 0.4 + step * 0.03)
  expect(watched(drifts, { atLeastNanos: 3 * SECOND }).seconds).toBe(5)
})

test('each step counts once, and only when it is complete', () => {
  const { asked } = watched((step) => (step < 6 ? 0.1 : 0.9))
  expect(asked).toEqual(asked.map((_, step) => step))
})

test('a cache that evicts more and more, or fills, is not steady, whatever the hit ratio says', () => {
  const states = (of: (call: number) => CacheState) => {
    let call = 0
    return (done: (state: CacheState) => void) => done(of(call++))
  }
  const indicators = ['hit_ratio', 'evictions', 'items'] as const
  const steady = watched(() => 0.8, { indicators, readState: states((call) => ({ items: 500, evictions: 100 * call, usedBytes: 0 })) })
  expect(steady).toMatchObject({ endedBecause: 'steady', lookedUntil: 1 })
  expect(
    watched(() => 0.8, { indicators, readState: states((call) => ({ items: 500, evictions: call ** 3 * 50, usedBytes: 0 })) }).endedBecause,
  ).toBe('cap')
  expect(
    watched(() => 0.8, { indicators, readState: states((call) => ({ items: 10_000 * 1.2 ** call, evictions: 0, usedBytes: 0 })) }).endedBecause,
  ).toBe('cap')
  const untold = watched(() => 0.8, { indicators, readState: (done) => done(undefined) })
  expect(untold.indicators.map(({ name, judged }) => [name, judged])).toEqual([
    ['hit_ratio', true],
    ['evictions', false],
    ['items', false],
  ])
})
