import { expect, test } from 'vitest'
import type { CacheFunction } from '../../client/cache/cache.ts'
import { CommandTable } from '../../engine/redis/command-table.ts'
import { findRedisProfile } from '../../engine/redis/profiles.ts'
import { callCommands } from './call-commands.ts'
import { commandName } from './try-commands.ts'

const PLACE = { prefix: 'cacheproof:t:', valueBytes: 3 }
const namesOf = (family: 'redis' | 'memcached', ...calls: CacheFunction[]) => callCommands(family, calls, PLACE).map(commandName)

test('a call is tried with the commands that the vocabulary sends for it', () => {
  expect(namesOf('redis', 'delete', 'getAndTouch', 'set', 'get')).toEqual(['GET', 'GETEX', 'SET', 'DEL'])
  expect(namesOf('memcached', 'delete', 'getAndTouch', 'set', 'get')).toEqual(['get', 'gat', 'set', 'delete'])
  // One call, two commands.
  expect(namesOf('redis', 'setScores')).toEqual(['ZADD', 'PEXPIRE'])
  expect(namesOf('memcached', 'setScores')).toEqual([])
})

test('every command is one that the engine knows, on a key under the prefix, and with the value that was asked for', () => {
  const table = new CommandTable(findRedisProfile('redis')!)
  const commands = callCommands(
    'redis',
    ['get', 'touch', 'set', 'add', 'replace', 'incrementScore', 'rank', 'range', 'size', 'expire', 'deleteAll'],
    PLACE,
  )
  for (const command of commands) {
    expect(table.resolve(command), commandName(command)).toMatchObject({ reach: 'own keys' })
    expect(command[1]).toMatch(/^cacheproof:t:\w+$/)
  }
  expect(commands.find(([name]) => name === 'SET')![2]).toHaveLength(3)
})
