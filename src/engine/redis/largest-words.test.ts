import { expect, it } from 'vitest'
import type { Word } from '../../protocol/command.ts'
import { EngineBench } from '../engine.contract.ts'
import { findRedisProfile } from './profiles.ts'
import { createRedisEngine } from './redis-engine.ts'

/** As long as a word may be (proto-max-bulk-len), which no string of JavaScript is. Never written to, so it costs no memory. */
const LARGEST = new Uint8Array(536_870_912)
const ONLY_VALUES = /^ERR the reference engine takes words of more than \d+ bytes as values only/

function answers(...commands: Word[][]) {
  const b = new EngineBench((options) => createRedisEngine(findRedisProfile('redis')!, options)).connect(1)
  return commands.map((command) => b.ask(1, command))
}

it('a word of 512 MiB is a value wherever one is due', () => {
  const [, length, , field, , float] = answers(
    ['SET', 'k', LARGEST],
    ['STRLEN', 'k'],
    ['HSET', 'h', 'f', LARGEST],
    ['HSTRLEN', 'h', 'f'],
    ['SET', 'n', '1'],
    ['INCRBYFLOAT', 'n', LARGEST],
  )
  expect([length, field]).toEqual([LARGEST.length, LARGEST.length])
  expect(float).toMatchObject({ text: 'ERR value is not a valid float' })
}, 60_000)

it('elsewhere it is refused in words, and nothing is left behind', () => {
  const [, , , ...replies] = answers(
    ['SET', 'k', 'v'],
    ['HSET', 'h', 'f', 'v'],
    ['ZADD', 'z', '1', 'a'],
    ['MSET', 'a', 'b', LARGEST, 'v'],
    ['MSETNX', 'a', 'b', LARGEST, 'v'],
    ['ZADD', 'new', '1', 'a', '1', LARGEST],
    ['HSET', 'new', 'f', 'v', LARGEST, 'v'],
    ['SET', 'new', 'v', LARGEST],
    ['HDEL', 'h', 'f', LARGEST],
    ['ZREM', 'z', 'a', LARGEST],
    ['RENAME', 'k', LARGEST],
    ['EXISTS', 'k', 'h', 'z', 'a', 'new'],
    ['DBSIZE'],
  )
  for (const reply of replies.slice(0, -2)) expect(reply).toMatchObject({ text: expect.stringMatching(ONLY_VALUES) })
  expect(replies.slice(-2)).toEqual([3, 3])
}, 60_000)

it('as the name of a command it is unknown, within a transaction, too', () => {
  const [unknown, , queued, aborted] = answers([LARGEST], ['MULTI'], [LARGEST, LARGEST], ['EXEC'])
  expect(unknown).toMatchObject({ text: "ERR unknown command '', with args beginning with: " })
  expect(queued).toMatchObject({ text: "ERR unknown command '', with args beginning with: '' " })
  expect(aborted).toMatchObject({ text: 'EXECABORT Transaction discarded because of previous errors.' })
}, 60_000)
