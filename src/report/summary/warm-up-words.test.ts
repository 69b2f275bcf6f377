import { expect, test } from 'vitest'
import type { WarmUp } from '../../measure/run-result.ts'
import { unsteadyReason, warmUpInWords } from './warm-up-words.ts'

const warmUp = (fields: Partial<WarmUp>): { id: string; warmUp: WarmUp } => ({
  id: 'cache-aside/local:redis/wire/0',
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
  expect(unsteadyReason([warmUp({}), warmUp({ endedBecause: 'as long as its comparison' }), { id: 'x' }])).toBeUndefined()
})
