import { expect, it } from 'vitest'
import { SECOND } from '../../runtime/runtime.ts'
import { EngineBench } from '../engine.contract.ts'
import { findRedisProfile } from './profiles.ts'
import { createRedisEngine } from './redis-engine.ts'

function bench(engine: 'redis' | 'valkey' = 'redis') {
  return new EngineBench((options) => createRedisEngine(findRedisProfile(engine)!, options)).connect(1)
}

/** A line as typed; `@` stands for "milliseconds from now". */
function effectsOf(b: EngineBench, line: string): string[] {
  b.effects.length = 0
  b.engine.feed(1, line.split(' '))
  return shown(b)
}

function shown(b: EngineBench): string[] {
  return b.effects.map(({ database, command }) => {
    const text = command.map((word) => (typeof word === 'string' ? word : Buffer.from(word).toString())).join(' ')
    return database === 0 ? text : `${database}: ${text}`
  })
}

const NOW = 1_700_000_000_000

it.each([
  ['GET a', []],
  ['SET a 1', ['SET a 1']],
  ['SET a 1 EX 10', [`SET a 1 PXAT ${NOW + 10_000}`]],
  ['SET a 1 GET', ['SET a 1']],
  ['SET a 1 NX GET', ['SET a 1 NX']],
  ['SETEX a 10 1', [`SET a 1 PXAT ${NOW + 10_000}`]],
  ['GETSET a 1', ['SET a 1']],
  ['DEL a', []],
  ['INCRBYFLOAT a 1.5', ['SET a 1.5 KEEPTTL']],
  ['HINCRBYFLOAT a f 1.5', ['HSET a f 1.5']],
  ['EXPIRE a 10', []],
  ['MSETNX a 1 b 2', ['MSET a 1 b 2']],
  ['ZADD a 1 m', ['ZADD a 1 m']],
])('of %s on an empty database are %j', (line, effects) => {
  expect(effectsOf(bench(), line)).toEqual(effects)
})

it('make relative expiries absolute, and a past one a deletion', () => {
  const b = bench()
  b.engine.feed(1, ['SET', 'a', '1'])
  expect(effectsOf(b, 'EXPIRE a 10 NX')).toEqual([`PEXPIREAT a ${NOW + 10_000} NX`])
  expect(effectsOf(b, 'PEXPIRE a 10 NX')).toEqual([])
  expect(effectsOf(b, 'GETEX a PX 5')).toEqual([`PEXPIREAT a ${NOW + 5}`])
  expect(effectsOf(b, 'GETEX a PERSIST')).toEqual(['PERSIST a'])
  expect(effectsOf(b, 'GETEX a PERSIST')).toEqual([])
  expect(effectsOf(b, 'EXPIRE a -1')).toEqual(['DEL a'])
  b.engine.feed(1, ['SET', 'a', '1'])
  expect(effectsOf(b, 'GETDEL a')).toEqual(['DEL a'])
})

it('leave out what changed nothing', () => {
  const b = bench()
  b.engine.feed(1, ['ZADD', 'z', '1', 'm'])
  expect(effectsOf(b, 'ZADD z 1 m')).toEqual([])
  expect(effectsOf(b, 'ZREM z nobody')).toEqual([])
  expect(effectsOf(b, 'PERSIST z')).toEqual([])
  expect(effectsOf(b, 'SETNX z 1')).toEqual([])
  expect(effectsOf(b, 'ZMPOP 2 none z MIN COUNT 5')).toEqual(['ZPOPMIN z 1'])
})

it('delete an expired key when someone comes across it, and when the cycle finds it', () => {
  for (const [engine, name] of [
    ['redis', 'DEL'],
    ['valkey', 'UNLINK'],
  ] as const) {
    const b = bench(engine)
    b.engine.feed(1, ['SET', 'a', '1', 'PX', '10'])
    b.wallMicros += 11_000
    expect(effectsOf(b, 'GET a')).toEqual([`${name} a`])

    b.engine.feed(1, ['SET', 'a', '1', 'PX', '10'])
    b.engine.feed(1, ['SET', 'b', '1', 'PX', '10'])
    b.effects.length = 0
    b.pass(1 * SECOND)
    // Each key is a unit of its own: no MULTI around them.
    expect(shown(b).sort()).toEqual([`${name} a`, `${name} b`])
  }
})

it('wrap what belongs together in MULTI and EXEC', () => {
  const b = bench()
  b.engine.feed(1, ['SET', 'a', '1', 'PX', '10'])
  b.wallMicros += 11_000
  expect(effectsOf(b, 'SET a 2')).toEqual(['MULTI', 'DEL a', 'SET a 2', 'EXEC'])
  b.engine.feed(1, ['MULTI'])
  b.engine.feed(1, ['INCR', 'n'])
  b.engine.feed(1, ['GET', 'n'])
  b.engine.feed(1, ['INCR', 'n'])
  expect(effectsOf(b, 'EXEC')).toEqual(['MULTI', 'INCR n', 'INCR n', 'EXEC'])
})

it('name the database they belong to', () => {
  const b = bench()
  b.engine.feed(1, ['SELECT', '3'])
  expect(effectsOf(b, 'SET a 1')).toEqual(['3: SET a 1'])
})
