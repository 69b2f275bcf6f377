import { expect, test } from 'vitest'
import { EMPTY_SERIES } from '../../check/cell-fixture.contract.ts'
import type { Cell, WarmUp } from '../../measure/run-result.ts'
import { unsteadyReason, warmUpInWords } from './warm-up-words.ts'

const ID = 'cache-aside/local:redis/wire/0'
const UNTOLD: Pick<Cell, 'id' | 'series' | 'events'> = { id: ID, series: EMPTY_SERIES, events: [] }

const warmUp = (fields: Partial<WarmUp>): typeof UNTOLD & { warmUp: WarmUp } => ({
  ...UNTOLD,
  warmUp: {
    kind: 'auto',
    nanos: 4.35e9,
    endedBecause: 'steady',
    filledEntries: 16_060,
    indicators: [
      { name: 'hit_ratio', judged: true, first: 0.64, second: 0.62, agrees: true },
      { name: 'items', judged: false, first: null, second: null, agrees: true },
    ],
    ...fields,
  },
})

test('says how long it took, why it ended, and what was not judged', () => {
  expect(warmUpInWords(warmUp({}))).toBe(
    '16,060 entries were stored first, as the cache would hold them in the long run. The warm-up took 4.35 s: nothing that was watched changed any more over two windows of 2,000 operations (hit ratio 64 %, then 62 %). Not judged, since the endpoint is not asked: items in the cache.',
  )
  expect(warmUpInWords(warmUp({ kind: 'fixed', endedBecause: 'fixed', nanos: 2e9 }))).toContain('was not judged')
  expect(warmUpInWords({})).toBeUndefined()
})

test('a load that was not steady is a reason not to trust it', () => {
  const moving = { name: 'hit_ratio', judged: true, first: 0.4, second: 0.6, agrees: false }
  expect(unsteadyReason([warmUp({}), warmUp({ endedBecause: 'cap', indicators: [moving] })])).toContain('hit ratio 40 %, then 60 %')
  expect(unsteadyReason([warmUp({ endedBecause: 'cap', indicators: [] })])).toContain('too few operations')
  expect(unsteadyReason([warmUp({}), warmUp({ endedBecause: 'as long as its comparison' }), UNTOLD])).toBeUndefined()
})

test('a load that only looked steady is one, too, by what was measured of it', () => {
  const hits = Array.from({ length: 100 }, (_, step) => (step < 30 ? 40 : 80))
  const series = { ...EMPTY_SERIES, intervalNanos: 1e8, hits, misses: hits.map((found) => 100 - found) }
  const events: Cell['events'] = [{ kind: 'phase', name: 'steady', detail: '', startNanos: 0, endNanos: 10e9 }]
  expect(unsteadyReason([warmUp({}), { ...warmUp({}), series, events }])).toBe(
    `${ID} began to settle only while it was measured (hit ratio 40 % in the first 3 s, 80 % afterwards); a longer warm-up, such as warm-up: 30s, leaves that out.`,
  )
})
