import { describe, expect, it } from 'vitest'
import { findRedisProfile } from '../../src/engine/redis/profiles.ts'
import { createRedisEngine } from '../../src/engine/redis/redis-engine.ts'
import type { Command } from '../../src/protocol/command.ts'
import type { Reply } from '../../src/protocol/reply.ts'
import { DoubleReply, ReplyError } from '../../src/protocol/reply.ts'
import { createRealRuntime } from '../../src/runtime/real-runtime.ts'
import type { Endpoint, PropertyOptions, PropertyResult } from '../property.ts'
import { allRedisProperties } from './all-redis-properties.ts'
import { engineEndpoint } from './engine-endpoint.ts'

/**
 * A comparison that has never been seen to fail proves nothing: here the engine is compared with itself behind one
 * planted fault, and the property has to name the fault in its shortest form. Without a fault it has to be silent.
 */

const runtime = createRealRuntime({ seed: 3 })
const PREFIX = 'p:'

function engine(protocol: 2 | 3, pass?: (command: Command, reply: Reply) => Reply): Endpoint {
  return engineEndpoint(runtime, (options) => createRedisEngine(findRedisProfile('redis')!, options), protocol, pass)
}

function run(id: string, subject: Endpoint, more: Partial<PropertyOptions> = {}): Promise<PropertyResult> {
  const property = allRedisProperties.find((candidate) => candidate.id === id)!
  return property.run({ reference: engine(subject.protocol), subject, prefix: PREFIX, runs: 300, seed: 77, ...more })
}

const nameOf = (command: Command) => String(command[0]).toUpperCase()
const wordsOf = (command: Command) => command.map((word) => String(word).toUpperCase())

const faults: readonly { what: string; property: string; pass(command: Command, reply: Reply): Reply; script: RegExp; lines: number }[] = [
  {
    what: 'INCR is off by one from 10 on',
    property: 'redis/counters',
    pass: (command, reply) => (nameOf(command) === 'INCR' && typeof reply === 'number' && reply > 10 ? reply + 1 : reply),
    script: /^(SET|INCRBY|INCRBYFLOAT|DECRBY|APPEND) p:a "?\S+\nINCR p:a$/,
    lines: 2,
  },
  {
    what: 'an error text lacks its full stop of a word',
    property: 'redis/strings',
    pass: (_command, reply) =>
      reply instanceof ReplyError && reply.text.includes('invalid expire time') ? new ReplyError('ERR invalid expire') : reply,
    script: /^(SET|SETEX|PSETEX|GETEX) p:\w .*$/,
    lines: 2,
  },
  {
    what: 'EXPIREAT GT is ignored',
    property: 'redis/expiry',
    pass: (command, reply) => (nameOf(command).endsWith('EXPIREAT') && wordsOf(command).includes('GT') && reply === 0 ? 1 : reply),
    script: /EXPIREAT p:\w \S+ .*(GT|gt)/,
    lines: 2,
  },
  {
    what: 'ZRANK counts from one',
    property: 'redis/sorted-sets',
    pass: (command, reply) => (nameOf(command) === 'ZRANK' && typeof reply === 'number' ? reply + 1 : reply),
    script: /^(ZADD|ZINCRBY) p:\w .*\nZRANK p:\w \S+$/,
    lines: 2,
  },
  {
    what: 'scores are printed with six digits',
    property: 'redis/sorted-sets',
    pass: (_command, reply) => (reply instanceof DoubleReply && reply.text.length > 8 ? new DoubleReply(reply.text.slice(0, 8)) : reply),
    script: /^Z/,
    lines: 2,
  },
  {
    what: 'HDEL counts one too few when it takes two',
    property: 'redis/hashes',
    pass: (command, reply) => (nameOf(command) === 'HDEL' && reply === 2 ? 1 : reply),
    script: /^(HSET|HMSET) p:\w .*\nHDEL p:\w \S+ \S+/,
    lines: 3,
  },
  {
    what: 'RENAME of a missing key is fine',
    property: 'redis/keys',
    pass: (command, reply) =>
      nameOf(command) === 'RENAME' && reply instanceof ReplyError && reply.text === 'ERR no such key' ? new ReplyError('OK') : reply,
    script: /^RENAME p:\w p:\w$/,
    lines: 1,
  },
  {
    what: 'EXEC gives an array where a broken WATCH gives none',
    property: 'redis/transactions',
    pass: (command, reply) => (nameOf(command) === 'EXEC' && reply !== null && typeof reply === 'object' && 'nullArray' in reply ? [] : reply),
    script: /WATCH p:\w.*\n[\s\S]*MULTI\nEXEC$/,
    lines: 5,
  },
  {
    what: 'a deleted value is still what GETDEL left',
    property: 'redis/cross-family',
    pass: (command, reply) =>
      nameOf(command) === 'TYPE' && reply !== null && typeof reply === 'object' && 'text' in reply && reply.text === 'hash'
        ? new ReplyError('none')
        : reply,
    script: /TYPE p:\w$/,
    lines: 2,
  },
]

describe('planted faults', () => {
  for (const fault of faults) {
    it(`names it when ${fault.what}`, async () => {
      const result = await run(fault.property, engine(2, fault.pass))
      if (result.outcome !== 'broken') throw new Error(`not found: ${JSON.stringify(result)}`)
      expect(result.counterexample.script).toMatch(fault.script)
      expect(result.counterexample.commands.length).toBeLessThanOrEqual(fault.lines)
      expect(result.counterexample.expected).not.toBe(result.counterexample.actual)

      const again = await run(fault.property, engine(2, fault.pass), { seed: result.seed, path: result.counterexample.path })
      expect(again.outcome === 'broken' && again.counterexample.script).toBe(result.counterexample.script)
    })
  }

  for (const [name, end] of [
    ['INCR', '9223372036854775807'],
    ['DECR', '-9223372036854775808'],
  ] as const) {
    it(`finds within the usual number of runs that ${name} alone errs at its end of int64`, async () => {
      const pass = (command: Command, reply: Reply): Reply =>
        nameOf(command) === name && reply instanceof ReplyError && reply.text.includes('overflow') ? new ReplyError('ERR overflow') : reply
      for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
        const result = await run('redis/counters', engine(2, pass), { runs: 100, seed })
        if (result.outcome !== 'broken') throw new Error(`not found with seed ${seed}: ${JSON.stringify(result)}`)
        expect(result.counterexample.script).toMatch(new RegExp(`^(SET|INCRBY) p:\\w ${end}\n${name} p:\\w$`, 'i'))
      }
    })
  }

  it('is silent when there is none', async () => {
    for (const property of allRedisProperties) {
      for (const protocol of [2, 3] as const) {
        const result = await run(property.id, engine(protocol), { runs: 30 })
        expect([property.id, result.outcome]).toEqual([property.id, 'holds'])
        expect(result.sequences).toBe(30)
      }
    }
  })

  it('says unknown, not broken, when a connection is lost', async () => {
    let calls = 0
    const subject: Endpoint = {
      name: 'lost',
      protocol: 2,
      execute: (commands) => (++calls > 3 ? Promise.reject(new Error('the connection was lost')) : engine(2).execute(commands)),
    }
    const result = await run('redis/keys', subject)
    expect(result).toMatchObject({ outcome: 'unknown', reason: 'the connection was lost' })
    expect(calls).toBe(4)
  })

  it('stops when it is told to', async () => {
    const result = await run('redis/keys', engine(2), { onProgress: (sequences) => sequences < 5 })
    expect(result).toMatchObject({ outcome: 'holds', sequences: 5 })
  })

  it('leaves out commands the endpoint is known to lack', async () => {
    const result = await run('redis/strings', engine(2), { runs: 30, without: new Set(['getex', 'lcs']) })
    expect(result.coverage['getex']).toBeUndefined()
    expect(result.coverage['get']).toBeGreaterThan(0)
  })
})
