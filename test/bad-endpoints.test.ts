// needs: redis-server, memcached, openssl

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../src/targets/local/free-port.ts'
import { type LocalServer, startLocalServer } from '../src/targets/local/local-server.ts'
import { makeTestCertificates } from './support/certificates.ts'
import { cli, isInPlainWords } from './support/cli.ts'
import { deep } from './support/fakes/behaviours/deep.ts'
import { FakeCache } from './support/fakes/fake-cache.ts'

/** Endpoints that can't be used, through the program itself: exit code 3, what is wrong, and what to try. */
const folder = mkdtempSync(join(tmpdir(), 'cacheproof-bad-endpoints-'))
const SECRET = 'hunter2secret'
let plain: LocalServer
let secured: LocalServer
let encrypted: LocalServer
let replica: LocalServer
let memcached: LocalServer
let nested: FakeCache
let nobody: number

beforeAll(async () => {
  mkdirSync(join(folder, 'tls'))
  const tls = makeTestCertificates(join(folder, 'tls')).server
  plain = await startLocalServer({ kind: 'redis' })
  secured = await startLocalServer({ kind: 'redis', args: ['--requirepass', SECRET] })
  encrypted = await startLocalServer({ kind: 'redis', tls })
  replica = await startLocalServer({ kind: 'redis', args: ['--replicaof', '127.0.0.1', String(plain.port)] })
  memcached = await startLocalServer({ kind: 'memcached' })
  nested = await FakeCache.start({ family: 'redis', behaviours: [deep({ commands: ['INFO'] })] })
  nobody = await freePort()
})

afterAll(async () => {
  await nested.close()
  await Promise.all([plain, secured, encrypted, replica, memcached].map((server) => server.stop()))
  rmSync(folder, { recursive: true })
})

/** [what, the URL, words that must be said] */
const CASES: readonly (readonly [string, () => string, readonly (string | RegExp)[]])[] = [
  ['nobody listens', () => `redis://127.0.0.1:${nobody}`, ['the connection was refused']],
  ['nobody listens for Memcached', () => `memcached://127.0.0.1:${nobody}`, ['the connection was refused']],
  ['a host of no name', () => 'redis://no-such-host.invalid:6379', ["no-such-host.invalid can't be resolved"]],
  ['a wrong password', () => `redis://:wrong-${SECRET}@127.0.0.1:${secured.port}`, ['refuses this user name or password']],
  ['a wrong user', () => `redis://someone:wrong-${SECRET}@127.0.0.1:${secured.port}`, ['refuses this user name or password']],
  ['no password where one is wanted', () => `redis://127.0.0.1:${secured.port}`, ['wants a password', 'CACHEPROOF_PASSWORD']],
  ['TLS to a plain port', () => `rediss://127.0.0.1:${plain.port}`, ['does not speak TLS', /Try redis:\/\/127/]],
  ['plain to a TLS port', () => `redis://127.0.0.1:${encrypted.port}`, [/TLS/, /rediss:/]],
  ['a Memcached behind a Redis URL', () => `redis://127.0.0.1:${memcached.port}`, ['answers like Memcached', /memcached:\/\/127/]],
  ['a Redis behind a Memcached URL', () => `memcached://127.0.0.1:${plain.port}`, ['answers like Redis or Valkey', /redis:\/\/127/]],
  ['a replica that takes no writes', () => `redis://127.0.0.1:${replica.port}`, ['is a replica and takes no writes', /primary, 127\.0\.0\.1:\d+/]],
  ['answers nested a hundred thousand deep', () => `redis://127.0.0.1:${nested.port}`, ['its answer is no RESP: replies are nested deeper than 64']],
  ['no database', () => 'engine:redis', [/PostgreSQL at 127\.0\.0\.1:\d+ can not be reached/]],
]

describe.concurrent('run and validate at', () => {
  it.each(CASES)('%s', async (what, url, says) => {
    const home = join(folder, what.replaceAll(' ', '-'))
    mkdirSync(home)
    const database = what === 'no database' ? ['--database', `postgres://u:${SECRET}@127.0.0.1:${nobody}/x`] : []
    const commands = [['run', 'cache-aside', '--target', 'engine:memcached', '--target', url(), ...database]]
    if (database.length === 0) commands.push(['validate', url(), '--runs', '1'])
    for (const args of commands) {
      const outcome = await cli(args, { cwd: home, env: { CACHEPROOF_PASSWORD: undefined } })
      for (const words of says) expect(outcome.stderr).toMatch(words)
      expect(outcome.code).toBe(3)
      expect(isInPlainWords(outcome)).toBe(true)
      expect(outcome.all).not.toContain(SECRET)
      // Said before anything is measured: no other cell was run for nothing, and nothing is left behind.
      expect(outcome.stdout).toBe('')
      expect(readdirSync(home)).toEqual([])
    }
  })
})

it('a local server that is not installed is named with its package, and what needs none', async () => {
  const outcome = await cli(['run', 'cache-aside', '--target', 'local:redis'], { cwd: folder, env: { PATH: '/nowhere' } })
  expect(outcome.stderr).toMatch(/local:redis needs the program redis-server.*\n.*apt-get install redis-server.*engine:redis/)
  expect(outcome.code).toBe(3)
  expect(isInPlainWords(outcome)).toBe(true)
  expect(existsSync(join(folder, 'reports'))).toBe(false)
})

it('a target that has all the clients it takes: the instances say so at once', async () => {
  const crowded = await startLocalServer({ kind: 'redis', args: ['--maxclients', '2'] })
  try {
    const args = [
      'run',
      'session-store',
      '--target',
      `redis://127.0.0.1:${crowded.port}`,
      '--duration',
      '1s',
      '--out',
      join(folder, 'crowded'),
      '--json',
    ]
    const outcome = await cli(args, { cwd: folder })
    expect(isInPlainWords(outcome)).toBe(true)
    const [cell] = JSON.parse(outcome.stdout).cells
    // The outage stays in the data: operations of instances without a connection failed, and are counted.
    const failures = cell.classes.reduce((sum: number, { fail }: { fail: number }) => sum + fail, 0)
    expect(failures).toBeGreaterThan(0)
  } finally {
    await crowded.stop()
  }
})
