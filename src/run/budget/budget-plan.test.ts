import { describe, expect, test } from 'vitest'
import { workloadOf } from '../../../test/support/virtual-run.ts'
import type { Comparison } from '../../check/comparison/comparison.ts'
import { SECOND } from '../../runtime/runtime.ts'
import { type Pilot, planBudget } from './budget-plan.ts'
import { shortestBlockNanos } from './shortest-block.ts'

describe('how long a block is at least', () => {
  const rows = (rest: string) => workloadOf(`{ name: rows, pattern: cache-aside, ${rest} phases: [ { warm-up: auto }, { steady: 10s } ] }`)
  const seconds = (workloads: Parameters<typeof shortestBlockNanos>[0], figures: readonly string[]) => shortestBlockNanos(workloads, figures) / SECOND

  test('a percentile has its 100 values beyond it, of its own kind', () => {
    const workload = rows('with: { write_ratio: 10% }, load: { open: { rate: 1000/s } },')
    expect(seconds([workload], ['hit_ratio'])).toBe(3)
    expect(seconds([workload], ['operation.p99'])).toBe(11)
    expect(seconds([workload], ['read.p99'])).toBe(13)
    expect(seconds([workload], ['write.p99'])).toBe(110)
    expect(seconds([workload], ['read.p99.9'])).toBe(123)
  })

  test('a TTL that is varied is there for three of its lengths, one that is not need not be', () => {
    const workload = rows('with: { ttl: 7s },')
    expect(seconds([workload], [])).toBe(3)
    expect(seconds([{ ...workload, variant: { of: 'rows', settings: { 'with.ttl': '7s' } } }], [])).toBe(21)
  })

  test('a fault is over three seconds before the end', () => {
    expect(seconds([rows('faults: [ { at: 5s, kill: primary, for: 2s } ],')], [])).toBe(10)
  })
})

describe('what fits', () => {
  const comparison = (deviations: readonly number[]): Comparison => ({
    factors: [],
    groups: [],
    family: { figures: ['read.p50'], size: deviations.length, cut: [] },
    contrasts: deviations.map((deviation) => ({
      group: 'g',
      baseline: 'a',
      candidate: 'b',
      by: 'workload',
      figure: 'read.p50',
      tested: true,
      contrast: { scale: 'ratio', paired: true, blocks: 3, estimate: 1, confidence: 0.95, deviation },
    })),
    modelled: [],
    notes: [],
  })
  const pilot = (deviations: readonly number[] = [0.1]): Pilot => ({
    comparison: comparison(deviations),
    blockNanos: 20 * SECOND,
    durationNanos: 5 * SECOND,
    cellsInBlock: 2,
  })

  test('as many blocks as the budget holds beside the pilot', () => {
    expect(planBudget(600 * SECOND, pilot(), true)).toMatchObject({ blocks: 27, durationNanos: 5 * SECOND })
    expect(planBudget(180 * SECOND, pilot(), true)).toMatchObject({ blocks: 6 })
  })

  test('beyond 30 blocks they get longer instead, unless their length was said', () => {
    // 3,600 s - 60 s for 30 blocks: 118 s each, 98 s more than they took, for two cells.
    expect(planBudget(3600 * SECOND, pilot(), true)).toMatchObject({ blocks: 30, durationNanos: 54 * SECOND })
    expect(planBudget(3600 * SECOND, pilot(), false)).toMatchObject({ blocks: 30, durationNanos: 5 * SECOND })
  })

  test('what should show is said of each figure, and how many blocks a small difference needs', () => {
    const { words } = planBudget(600 * SECOND, pilot(), true)
    expect(words[0]).toMatch(/^budget 600 s: 3 pilot blocks took 60 s; 27 blocks of 5 s follow$/)
    expect(words[1]).toMatch(/^ {2}read p50: differences above \d(\.\d+)? % should show; 5 % needs \d+ blocks$/)
    expect(planBudget(600 * SECOND, pilot([0]), true).words[1]).toContain('did not vary')
    expect(planBudget(600 * SECOND, pilot([]), true).words[1]).toContain('does not tell')
    // Taken together: the root of the mean square.
    expect(planBudget(600 * SECOND, pilot([0.02, Math.sqrt(0.0196)]), true).words).toEqual(words)
  })

  test('a budget that holds no six blocks gives no words, and says which would', () => {
    const { blocks, words } = planBudget(120 * SECOND, pilot(), true)
    expect(blocks).toBe(3)
    expect(words).toEqual([expect.stringContaining('without a word (--budget 3m would do)')])
    expect(planBudget(30 * SECOND, pilot(), true).blocks).toBe(1)
  })
})
