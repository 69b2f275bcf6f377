import { describe, expect, test } from 'vitest'
import type { Cell } from '../measure/run-result.ts'
import { createChance } from '../runtime/chance.ts'
import { SECOND } from '../runtime/runtime.ts'
import { EMPTY_SERIES } from './cell-fixture.contract.ts'
import { startUpLeft } from './start-up.ts'

const STEP = SECOND / 10
const READS = 200

interface Told {
  /** Of the reads in a step after the warm-up of one second. */
  readonly ratioAt: (step: number) => number
  readonly seed?: number
  readonly seconds?: number
  readonly faultAtSeconds?: number
  readonly kind?: 'auto' | 'fixed' | 'none'
}

/** Each read is drawn by itself, as in a steady cache. */
function cellOf({ ratioAt, seed = 1, seconds = 10, faultAtSeconds, kind = 'auto' }: Told): Pick<Cell, 'series' | 'events' | 'warmUp'> {
  const draws = createChance(seed).stream('hits')
  const hits = Array.from({ length: (seconds + 1) * 10 }, (_, step) => {
    let found = 0
    for (let read = 0; read < READS; read++) if (draws.uniform(step * READS + read) < (step < 10 ? 0 : ratioAt(step - 10))) found++
    return found
  })
  const phase = (name: string, from: number, to: number) => ({
    kind: 'phase' as const,
    name,
    detail: '',
    startNanos: from * SECOND,
    endNanos: to * SECOND,
    ...(name === 'warm-up' && { warmUp: true }),
  })
  const fault = faultAtSeconds === undefined ? [] : [{ kind: 'fault' as const, name: 'kill', detail: '', startNanos: (1 + faultAtSeconds) * SECOND }]
  return {
    series: { ...EMPTY_SERIES, intervalNanos: STEP, hits, misses: hits.map((found) => READS - found) },
    events: [phase('warm-up', 0, 1), phase('steady', 1, seconds + 1), ...fault],
    warmUp: { kind, nanos: SECOND, endedBecause: 'steady', filledEntries: 0, indicators: [] },
  }
}

describe('what the measured time shows of its own beginning', () => {
  test('a hit ratio that rose while it was measured is told, with both values', () => {
    const found = startUpLeft(cellOf({ ratioAt: (step) => (step < 30 ? 0.4 : 0.8) }))
    expect(found?.nanos).toBe(3 * SECOND)
    expect(found?.hitRatioThen).toBeCloseTo(0.4, 1)
    expect(found?.hitRatioAfterwards).toBeCloseTo(0.8, 1)
    expect(startUpLeft(cellOf({ ratioAt: (step) => (step < 30 ? 0.8 : 0.4) }))).toBeDefined()
  })

  test('a steady one is not, whatever its seed and ratio', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const ratio = [0.05, 0.5, 0.9, 0.99][seed % 4]!
      expect(startUpLeft(cellOf({ ratioAt: () => ratio, seed, seconds: 6 })), `seed ${seed}`).toBeUndefined()
    }
  })

  test('a difference that changes no decision is none', () => {
    expect(startUpLeft(cellOf({ ratioAt: (step) => (step < 30 ? 0.9 : 0.912), seconds: 20 }))).toBeUndefined()
  })

  test('what a fault does is no start-up', () => {
    expect(startUpLeft(cellOf({ ratioAt: (step) => (step < 70 ? 0.8 : 0.2), faultAtSeconds: 7 }))).toBeUndefined()
    expect(startUpLeft(cellOf({ ratioAt: (step) => (step < 20 ? 0.4 : step < 70 ? 0.8 : 0.2), faultAtSeconds: 7 }))?.nanos).toBe(2 * SECOND)
  })

  test('nothing is said of a load that was measured cold on purpose, of a short one, and of one with silent steps', () => {
    const ratioAt = (step: number) => (step < 20 ? 0.4 : 0.8)
    expect(startUpLeft(cellOf({ ratioAt, kind: 'none' }))).toBeUndefined()
    expect(startUpLeft(cellOf({ ratioAt, kind: 'fixed' }))).toBeDefined()
    expect(startUpLeft(cellOf({ ratioAt, seconds: 4 }))).toBeUndefined()
    const { series, ...rest } = cellOf({ ratioAt })
    const silent = { ...series, hits: series.hits.with(50, 0), misses: series.misses.with(50, 0) }
    expect(startUpLeft({ series: silent, ...rest })).toBeUndefined()
  })
})
