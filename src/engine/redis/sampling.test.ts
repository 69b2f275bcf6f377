import { expect, it } from 'vitest'
import { ReplyError } from '../../protocol/reply.ts'
import { EngineBench } from '../engine.contract.ts'
import { findRedisProfile } from './profiles.ts'
import { createRedisEngine } from './redis-engine.ts'
import { MAX_REPEATED } from './sampling.ts'

function bench(): EngineBench {
  const b = new EngineBench((options) => createRedisEngine(findRedisProfile('redis')!, options)).connect(1)
  b.ask(1, ['ZADD', 'z', '1', 'a', '2', 'b'])
  b.ask(1, ['HSET', 'h', 'a', '1', 'b', '2'])
  return b
}

const CASES = [
  ['ZRANDMEMBER', 'z', 'WITHSCORES'],
  ['HRANDFIELD', 'h', 'WITHVALUES'],
] as const

it.each(CASES)('%s: a negative count has as many elements as were asked for, or is refused in words', (command, key, pairs) => {
  const b = bench()
  expect(b.ask(1, [command, key, String(-MAX_REPEATED)])).toHaveLength(MAX_REPEATED)
  for (const count of [-MAX_REPEATED - 1, -100_000_000, '-9223372036854775807']) {
    expect(b.ask(1, [command, key, String(count)])).toMatchObject({ text: expect.stringMatching(/at most 1048576 elements, and was asked for \d+$/) })
  }
  expect(b.ask(1, [command, key, '-4611686018427387903', pairs])).toBeInstanceOf(ReplyError)
  // Nobody has to make what is not there.
  expect(b.ask(1, [command, 'none', '-100000000'])).toEqual([])
})

it.each(CASES)('%s: the number of pairs must fit, to the last one', (command, _key, pairs) => {
  const b = bench()
  for (const count of ['-4611686018427387904', '4611686018427387904']) {
    expect(b.ask(1, [command, 'none', count, pairs])).toMatchObject({ text: 'ERR value is out of range' })
    expect(b.ask(1, [command, 'none', count])).toEqual([])
  }
  for (const count of ['-4611686018427387903', '4611686018427387903']) expect(b.ask(1, [command, 'none', count, pairs])).toEqual([])
})
