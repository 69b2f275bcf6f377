import { describe, expect, test } from 'vitest'
import { createVirtualRuntime } from '../../runtime/virtual-runtime.ts'
import { createKeyChooser } from '../keys/create-key-chooser.ts'
import { createValueMaker } from '../values/create-value-maker.ts'
import type { KeysSpec } from '../workload.ts'
import { createRowPlan } from './row-plan.ts'
import { type SettledRules, settledEntries } from './settled-entries.ts'
import { createTimeToLive } from './time-to-live.ts'

const RATE = 1000
const COUNT = 5000
const SECOND = 1e9

interface Case {
  readonly popularity: KeysSpec['popularity']
  readonly onWrite: SettledRules['onWrite']
  readonly ttlSeconds: number | null
  readonly writeRatio: number
}

function rulesOf({ popularity, onWrite, ttlSeconds, writeRatio }: Case, ratePerSecond: number | null = RATE): SettledRules {
  const { chance } = createVirtualRuntime({ seed: 11 })
  const keys = createKeyChooser({ count: COUNT, popularity }, chance.stream('keys'))
  const values = createValueMaker({ size: { kind: 'fixed', bytes: 100 }, compressible: 0 }, chance.stream('values'))
  const ttlNanos = ttlSeconds === null ? null : ttlSeconds * SECOND
  return {
    plan: createRowPlan({ keys, values, stream: (concern) => chance.stream(concern) }, { writeRatio, writePopularity: 'as reads', missing: 0.02 }),
    keyCount: COUNT,
    writeRatio,
    onWrite,
    ttlNanos,
    ttlMillis: createTimeToLive({ ttlNanos, jitter: 0.1 }, chance.stream('jitter'), 3_600_000),
    negativeTtlMillis: () => 2000,
    draw: (index) => chance.stream('draw').uniform(index),
    ratePerSecond,
  }
}

/** Hit ratio of `operations` from index `from` on, played on entries that are there at first. */
function hitRatio(rules: SettledRules, from: number, operations: number, entries: ReturnType<typeof settledEntries> = []): number {
  const held = new Map(entries.map(({ keyId, ttlMillis }) => [keyId, ttlMillis / 1000]))
  let hits = 0
  let reads = 0
  for (let n = 0; n < operations; n++) {
    const index = from + n
    const at = n / RATE
    const key = rules.plan.keyId(index)
    if (rules.plan.isWrite(index)) {
      if (rules.onWrite === 'overwrite') held.set(key, at + rules.ttlMillis(index) / 1000)
      else if (rules.onWrite === 'invalidate') held.delete(key)
      continue
    }
    reads++
    if ((held.get(key) ?? Number.NEGATIVE_INFINITY) > at) hits++
    else held.set(key, at + (key < COUNT ? rules.ttlMillis(index) : 2000) / 1000)
  }
  return hits / reads
}

const CASES: readonly Case[] = [
  { popularity: { kind: 'zipf', exponent: 0.99 }, onWrite: 'invalidate', ttlSeconds: 10, writeRatio: 0.1 },
  { popularity: { kind: 'zipf', exponent: 0.99 }, onWrite: 'overwrite', ttlSeconds: 10, writeRatio: 0.3 },
  { popularity: { kind: 'uniform' }, onWrite: 'invalidate', ttlSeconds: 5, writeRatio: 0.1 },
  { popularity: { kind: 'hotspot', hotKeys: 0.1, hotOperations: 0.8 }, onWrite: 'none', ttlSeconds: 5, writeRatio: 0.1 },
  { popularity: { kind: 'latest', exponent: 0.99 }, onWrite: 'overwrite', ttlSeconds: 10, writeRatio: 0.1 },
  { popularity: { kind: 'zipf', exponent: 0.99 }, onWrite: 'overwrite', ttlSeconds: null, writeRatio: 0.1 },
  { popularity: { kind: 'uniform' }, onWrite: 'invalidate', ttlSeconds: null, writeRatio: 0.2 },
]

describe('a cache that is filled', () => {
  test.each(CASES)('hits as often from the first second as in the long run: %j', (one) => {
    const rules = rulesOf(one)
    const entries = settledEntries(rules)
    const filled = hitRatio(rules, 0, 5000, entries)
    // Long after a cold start, over the same length.
    const later = one.ttlSeconds === null ? 400_000 : one.ttlSeconds * 3 * RATE
    const long = longRun(rules, later, 5000)
    expect(filled).toBeGreaterThan(long - 0.03)
    expect(filled).toBeLessThan(long + 0.03)
    expect(hitRatio(rules, 0, 5000)).toBeLessThan(long - 0.03)
  })

  test('keeps what is asked for most to the last, and nothing twice', () => {
    const rules = rulesOf(CASES[0]!)
    const entries = settledEntries(rules)
    expect(new Set(entries.map(({ keyId }) => keyId)).size).toBe(entries.length)
    const asked = new Map<number, number>()
    for (let index = 0; index < 20_000; index++) asked.set(rules.plan.keyId(index), (asked.get(rules.plan.keyId(index)) ?? 0) + 1)
    const popularity = (part: typeof entries) => part.reduce((sum, { keyId }) => sum + (asked.get(keyId) ?? 0), 0) / part.length
    const half = entries.length >> 1
    expect(popularity(entries.slice(half))).toBeGreaterThan(3 * popularity(entries.slice(0, half)))
  })

  test('spreads the times to live over their length, in a closed loop, too', () => {
    for (const rate of [RATE, null]) {
      const ttls = settledEntries(rulesOf(CASES[2]!, rate)).map(({ ttlMillis }) => ttlMillis)
      const middle = ttls.reduce((sum, one) => sum + one, 0) / ttls.length
      expect(Math.max(...ttls)).toBeLessThanOrEqual(5000)
      expect(middle).toBeGreaterThan(2000)
      expect(middle).toBeLessThan(3000)
    }
  })

  test('remembers what is not there as long as that is remembered', () => {
    const negative = settledEntries(rulesOf(CASES[0]!)).filter((one) => one.negative)
    expect(negative.length).toBeGreaterThan(0)
    expect(Math.max(...negative.map(({ ttlMillis }) => ttlMillis))).toBeLessThanOrEqual(2000)
  })

  test('is the same for the same seed', () => {
    expect(settledEntries(rulesOf(CASES[0]!))).toEqual(settledEntries(rulesOf(CASES[0]!)))
  })
})

/** The hit ratio of `operations` after `later` others on a cold cache: those of the run itself, so that `latest` has moved as far. */
function longRun(rules: SettledRules, later: number, operations: number): number {
  const all = hitRatio(rules, 0, later + operations)
  const before = hitRatio(rules, 0, later)
  const reads = (count: number) => Array.from({ length: count }, (_, index) => index).filter((index) => !rules.plan.isWrite(index)).length
  const [readsAll, readsBefore] = [reads(later + operations), reads(later)]
  return (all * readsAll - before * readsBefore) / (readsAll - readsBefore)
}
