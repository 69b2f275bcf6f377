import { expect, test } from 'vitest'
import { CommandTable } from '../engine/redis/command-table.ts'
import { findRedisProfile } from '../engine/redis/profiles.ts'
import type { Command } from '../protocol/command.ts'
import { type CommandRules, memcachedJudge, redisJudge } from './command-rules.ts'

const RULES: CommandRules = { prefix: 'p:', ours: false, serverAllowed: false, database: 0, clusterMode: false, policy: 'noeviction' }
const table = new CommandTable(findRedisProfile('redis')!)
const redis = (rules: Partial<CommandRules> = {}) => redisJudge(table, { ...RULES, ...rules })
const memcached = (rules: Partial<CommandRules> = {}) => memcachedJudge({ ...RULES, ...rules })

test.each<Command>([
  ['GET', 'x'],
  ['DEL', 'p:a', 'x'],
  ['del', 'p:a', Buffer.from('x')],
  ['MSET', 'p:a', 'v', 'NX', 'nonsense'],
  ['MSET', 'p:a', 'v', 'x'],
  ['RENAME', 'p:a', 'x'],
  ['ZUNIONSTORE', 'p:a', '2', 'p:b', 'x'],
  ['OBJECT', 'ENCODING', 'x'],
  ['SET', 'P:a', 'v'],
])('redis: %s %s names a key of somebody else', (...command) => {
  expect(redis()(command).refused).toEqual({})
  expect(redis({ ours: true })(command).refused).toEqual({})
})

test.each<Command>([
  ['GET', 'p:a'],
  ['MSET', 'p:a', 'v', 'p:b', 'w'],
  ['ZUNIONSTORE', 'p:a', '2', 'p:b', 'p:c', 'WEIGHTS', '1', '2'],
  ['ZUNIONSTORE', 'p:a', '9', 'p:b'],
  ['NOSUCH', 'x'],
  ['HELLO', '3', 'SETNAME', 'x'],
  ['SELECT', '0'],
  ['SELECT', 'x'],
  ['MOVE', 'p:a', '0'],
  ['COPY', 'p:a', 'p:b', 'REPLACE'],
  ['OBJECT', 'FREQ', 'p:a'],
  ['MULTI'],
])('redis: %s %s may be sent', (...command) => {
  expect(redis()(command).refused).toBeUndefined()
})

test.each<[Command, RegExp]>([
  [['DBSIZE'], /--allow server/],
  [['CONFIG', 'GET', '*'], /--allow server/],
  [['FLUSHALL'], /never/],
  [['config', 'set', 'maxmemory', '1'], /never/],
  [['AUTH', 'x'], /alarms/],
  [['HELLO', '2', 'auth', 'nobody', 'x'], /alarms/],
  [['SELECT', '16'], /database/],
  [['MOVE', 'p:a', '99'], /database/],
  [['COPY', 'p:a', 'p:b', 'db', '1'], /database/],
])('redis: %j is not for an endpoint that is not ours', (command, reason) => {
  expect(redis()(command).refused?.reason).toMatch(reason)
  expect(redis({ ours: true })(command).refused).toBeUndefined()
})

test('redis: --allow server allows what looks, never what destroys', () => {
  const judge = redis({ serverAllowed: true })
  expect(judge(['DBSIZE']).refused).toBeUndefined()
  expect(judge(['FLUSHDB']).refused?.reason).toMatch(/never/)
})

test('redis: what depends on the endpoint is left out there', () => {
  expect(redis({ policy: 'allkeys-lfu' })(['OBJECT', 'FREQ', 'p:a']).refused).toBeDefined()
  expect(redis({ policy: 'allkeys-lru' })(['OBJECT', 'REFCOUNT', 'p:a']).refused).toBeDefined()
  expect(redis({ database: 5 })(['SELECT', '0']).refused).toBeDefined()
  expect(redis({ clusterMode: true, ours: true })(['SELECT', '0']).refused).toBeDefined()
})

test('redis: names and keys are told as they are in the table', () => {
  expect(redis()(['client', 'no-evict', 'on'])).toEqual({ name: 'CLIENT NO-EVICT', keys: [], known: true })
  expect(redis()(['Nosuch', 'x'])).toEqual({ name: 'NOSUCH', keys: [], known: false })
  expect(redis()(['EXISTS', 'p:a', 'p:b']).keys).toEqual(['p:a', 'p:b'])
})

test.each<Command>([
  ['get', 'p:a', 'x'],
  ['gat', '10', 'x'],
  ['delete', 'x'],
  ['cas', 'x', '0', '0', '1', 'v'],
  ['mg', 'p:a', 'b', 'v'],
  ['ms', Buffer.from('x').toString('base64'), 'b', 'v'],
])('memcached: %s %s names a key of somebody else', (...command) => {
  expect(memcached()(command).refused).toEqual({})
})

test('memcached: keys in base64 are known by what they stand for, and a value is no flag', () => {
  const encoded = Buffer.from('p:a').toString('base64')
  expect(memcached()(['mg', encoded, 'b', 'v'])).toEqual({ name: 'mg', keys: [Buffer.from('p:a')], known: true })
  expect(memcached()(['ms', 'p:a', 'b']).keys).toEqual(['p:a'])
})

test('memcached: nobody else’s items are flushed, whatever is allowed', () => {
  const flushes: Command[] = [['flush_all'], ['flush_all', '10', 'noreply'], ['cache_memlimit', '1'], ['shutdown', 'now'], ['verbosity', '0']]
  for (const command of flushes) {
    expect(memcached({ serverAllowed: true })(command).refused?.reason).toMatch(/never/)
    expect(memcached({ ours: true })(command).refused).toBeUndefined()
  }
  expect(memcached()(['stats', 'items']).refused?.reason).toMatch(/--allow server/)
  expect(memcached({ serverAllowed: true })(['stats', 'items']).refused).toBeUndefined()
  expect(memcached()(['version']).refused).toBeUndefined()
})
