import { describe, expect, it } from 'vitest'
import { ReplyError } from '../../protocol/reply.ts'
import { commandDefinitions } from './all-commands.ts'
import { keysOf } from './command-facts.ts'
import { CommandTable } from './command-table.ts'
import { findRedisProfile, redisProfiles } from './profiles.ts'

const table = new CommandTable(findRedisProfile('redis')!)

function refusal(...argv: string[]): string {
  const found = table.resolve(argv)
  return found instanceof ReplyError ? found.text : `found ${found.name}`
}

describe('command table', () => {
  it('finds commands and subcommands in any case', () => {
    expect(refusal('get', 'a')).toBe('found get')
    expect(refusal('GeT', 'a')).toBe('found get')
    expect(refusal('Client', 'iD')).toBe('found client|id')
    expect(refusal('COMMAND')).toBe('found command')
  })

  it('says what the server says of those it does not have', () => {
    expect(refusal('foo', 'bar', 'baz qux')).toBe("ERR unknown command 'foo', with args beginning with: 'bar' 'baz qux' ")
    expect(refusal('fo\no')).toBe("ERR unknown command 'fo o', with args beginning with: ")
    expect(refusal('x', 'y'.repeat(200), 'z')).toBe(`ERR unknown command 'x', with args beginning with: '${'y'.repeat(128)}' `)
    expect(refusal('CLIENT', 'Foo')).toBe("ERR unknown subcommand 'Foo'. Try CLIENT HELP.")
    expect(refusal('CONFIG', 'GET')).toBe("ERR wrong number of arguments for 'config|get' command")
    expect(refusal('GET')).toBe("ERR wrong number of arguments for 'get' command")
    expect(refusal('CLIENT')).toBe("ERR wrong number of arguments for 'client' command")
  })

  it('knows the keys of a command', () => {
    const keys = (...argv: string[]) => {
      const spec = table.resolve(argv)
      return spec instanceof ReplyError ? spec.text : keysOf(spec, argv)
    }
    expect(keys('MSET', 'a', '1', 'b', '2')).toEqual(['a', 'b'])
    expect(keys('DEL', 'a', 'b', 'c')).toEqual(['a', 'b', 'c'])
    expect(keys('OBJECT', 'ENCODING', 'a')).toEqual(['a'])
    expect(keys('ZUNIONSTORE', 'd', '2', 'a', 'b', 'WEIGHTS', '1', '2')).toEqual(['d', 'a', 'b'])
    expect(keys('ZMPOP', '9', 'a', 'MIN')).toEqual([])
    expect(keys('PING')).toEqual([])
  })

  it('has for each version the commands of its time', () => {
    const setinfo = (engine: 'redis' | 'valkey', version?: string) =>
      new CommandTable(findRedisProfile(engine, version)!).resolve(['CLIENT', 'SETINFO', 'LIB-NAME', 'x']) instanceof ReplyError
    expect(setinfo('redis', '7.0.15')).toBe(true)
    expect(setinfo('redis', '7.2')).toBe(false)
    expect(setinfo('valkey')).toBe(false)
  })

  it('says of every command how far it reaches', () => {
    for (const profile of redisProfiles)
      for (const spec of new CommandTable(profile).specs) expect(spec.reach).toMatch(/^(own keys|connection|server)$/)
    expect(commandDefinitions.length).toBeGreaterThan(120)
    expect(table.get('flushall')?.reach).toBe('server')
    expect(table.get('get')?.reach).toBe('own keys')
    expect(table.get('ping')?.reach).toBe('connection')
  })

  it('refuses entries it cannot use', () => {
    const entry = { arity: 1, flags: '', categories: '', since: '1.0.0', run: () => 0 }
    expect(() => table.add({ ...entry, name: 'lost|sub', reach: 'server' })).toThrow(/container/)
    expect(() => table.add({ ...entry, name: 'vague' })).toThrow(/reach/)
  })
})

describe('profiles', () => {
  it.each([
    ['redis', undefined, '7.0.15'],
    ['redis', '7.0.4', '7.0.15'],
    ['redis', '7.4.1', '7.2.4'],
    ['redis', '8', '8.0.2'],
    ['redis', '6.2', undefined],
    ['redis', 'latest', undefined],
    ['valkey', undefined, '8.0.1'],
    ['valkey', '8.1.3', '8.1.1'],
    ['valkey', '9.0', '8.1.1'],
    ['valkey', '9.1.2', '9.1.2'],
  ] as const)('%s %s is served by %s', (engine, version, found) => {
    expect(findRedisProfile(engine, version)?.version).toBe(found)
  })
})
