// needs: redis-server, valkey-server, memcached

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { type ValidateFlags, validateCommand } from '../src/cli/commands/validate-command.ts'
import type { Engine, EngineOptions } from '../src/engine/engine.ts'
import { createMemcachedEngine } from '../src/engine/memcached/memcached-engine.ts'
import { DEFAULT_MEMCACHED_PROFILE } from '../src/engine/memcached/profiles.ts'
import { findRedisProfile } from '../src/engine/redis/profiles.ts'
import { createRedisEngine } from '../src/engine/redis/redis-engine.ts'
import type { Command } from '../src/protocol/command.ts'
import { MemcachedValues, type Reply, ReplyError, SimpleString } from '../src/protocol/reply.ts'
import { entryFile } from '../src/runtime/entry-file.ts'
import { createRealRuntime } from '../src/runtime/real-runtime.ts'
import { SECOND } from '../src/runtime/runtime.ts'
import { EngineServer } from '../src/server/engine-server.ts'
import { openTarget } from '../src/targets/open-target.ts'
import { exchange } from '../src/validate/client-endpoint.ts'
import type { Validation } from '../src/validate/validation.ts'
import { type Plant, plantedEngine } from './support/planted-engine.ts'
import { RealServer } from './support/real-server.ts'
import { runCommand } from './support/run-command.ts'

const SEED = 7
const runtime = createRealRuntime({ seed: SEED })
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
afterAll(() => runtime.close())

const redis = (options: EngineOptions) => createRedisEngine(findRedisProfile('redis')!, options)
const memcached = (options: EngineOptions) => createMemcachedEngine(DEFAULT_MEMCACHED_PROFILE, options)

async function serve(create: (options: EngineOptions) => Engine, scheme: 'redis' | 'memcached', plant: Plant = {}): Promise<string> {
  const server = new EngineServer({ runtime, createEngine: plantedEngine(create, plant) })
  closing.push(() => server.kill())
  const { host, port } = await server.start()
  return `${scheme}://${host}:${port}`
}

const validate = (target: string, flags: ValidateFlags) => runCommand(() => validateCommand(target, { seed: SEED, ...flags }))

async function asJson(target: string, flags: ValidateFlags): Promise<{ readonly exitCode: number; readonly found: Validation }> {
  const { exitCode, stdout, stderr } = await validate(target, { ...flags, json: true })
  expect(stderr).toBe('')
  return { exitCode, found: JSON.parse(stdout) as Validation }
}

/** Asks an endpoint over a connection of its own. */
async function ask(url: string, ...commands: Command[]): Promise<readonly Reply[]> {
  const target = await openTarget(url, { runtime, client: 'wire', env: {}, describe: false })
  const client = await target.connect({ deadlineNanos: 5 * SECOND, connections: 1, id: 1 })
  try {
    return await exchange(client, commands)
  } finally {
    await client.close()
    await target.close()
  }
}

const text = (reply: Reply | undefined) => (reply instanceof Uint8Array ? Buffer.from(reply).toString('latin1') : reply)

describe('on real servers', () => {
  test.each(['redis', 'valkey', 'memcached'])('everything holds on %s', async (kind) => {
    const { exitCode, found } = await asJson(`local:${kind}`, { runs: 8 })
    expect(found.verdicts.filter(({ outcome }) => outcome !== 'holds')).toEqual([])
    expect(exitCode).toBe(0)
    expect(found.verdicts.length).toBeGreaterThan(5)
    for (const { numbers } of found.verdicts) expect(numbers!['commands']).toBeGreaterThan(50)
    expect(found.skipped).toEqual([])
  })

  test.each(['redis-server', 'valkey-server'] as const)('leaves nothing behind at %s, and other keys as they were', async (program) => {
    const server = await RealServer.start(program)
    closing.push(() => server.close())
    const url = `redis://127.0.0.1:${server.port}`
    const mine: Command[] = [
      ['SET', 'x', 'mine'],
      ['SET', 'NX', 'mine'],
      ['SET', 'nonsense', 'mine'],
      ['HSET', 'cacheproof', 'f', 'mine'],
    ]
    await ask(url, ...mine)
    const { exitCode, found } = await asJson(url, { runs: 15 })
    expect(exitCode).toBe(0)
    expect(found.skipped.map(({ id }) => id)).toContain('redis/connection: SELECT')
    const [x, nx, nonsense, hash, size] = await ask(url, ['GET', 'x'], ['GET', 'NX'], ['GET', 'nonsense'], ['HGET', 'cacheproof', 'f'], ['DBSIZE'])
    expect([x, nx, nonsense, hash].map(text)).toEqual(['mine', 'mine', 'mine', 'mine'])
    expect(size).toBe(mine.length)
  })

  test('leaves nothing behind at memcached, and never flushes it', async () => {
    const server = await RealServer.start('memcached')
    closing.push(() => server.close())
    const url = `memcached://127.0.0.1:${server.port}`
    await ask(url, ['set', 'x', '0', '0', 'mine'])
    const { exitCode, found } = await asJson(url, { runs: 15, allow: ['server'] })
    expect(exitCode).toBe(0)
    expect(found.skipped.map(({ id }) => id)).toEqual(expect.arrayContaining(['memcached/flush: flush_all', 'memcached/flush: cache_memlimit']))
    expect(await itemsAt(url)).toBe(1)
    const without = await asJson(url, { runs: 1, only: ['flush'] })
    expect(without.found.skipped.map(({ id }) => id)).toEqual(['memcached/flush'])
  })

  test('kill -9 while it runs leaves no key', async () => {
    const server = await RealServer.start('redis-server')
    closing.push(() => server.close())
    const url = `redis://127.0.0.1:${server.port}`
    await ask(url, ['SET', 'x', 'mine'], ...REMEMBER_COMMANDS)
    const child = spawn(process.execPath, [entryFile(import.meta.url, '../src/cli/main.ts'), 'validate', url, '--runs', '100000'], {
      stdio: 'ignore',
    })
    const ended = new Promise((resolve) => child.once('exit', resolve))
    // A sequence and its clean-up are one pipeline, so what a kill in its middle leaves behind is put there by hand.
    const prefix = await prefixInUse(url)
    await ask(url, ['SET', `${prefix}left`, 'x'])
    child.kill('SIGKILL')
    await ended
    await until(async () => (await ask(url, ['DBSIZE']))[0] === 1)
    expect(text((await ask(url, ['GET', 'x']))[0])).toBe('mine')
  })

  test('Ctrl-C ends it politely, with what was found until then', async () => {
    const server = await RealServer.start('redis-server')
    closing.push(() => server.close())
    const url = `redis://127.0.0.1:${server.port}`
    await ask(url, ...REMEMBER_COMMANDS)
    const running = validate(url, { runs: 1_000_000, only: ['strings', 'hashes'], json: true })
    await prefixInUse(url)
    process.emit('SIGINT')
    const { exitCode, stdout } = await running
    expect(exitCode).toBe(130)
    const found = JSON.parse(stdout) as Validation
    expect(found.status).toBe('interrupted')
    expect(found.verdicts.map(({ outcome, evidence }) => [outcome, /^interrupted/.test(evidence)])).toEqual([
      ['unknown', true],
      ['unknown', true],
    ])
    expect((await ask(url, ['DBSIZE']))[0]).toBe(0)
  })

  test('what a user may not do is no failure of the engine', async () => {
    const server = await RealServer.start('redis-server')
    closing.push(() => server.close())
    const url = `redis://127.0.0.1:${server.port}`
    await ask(url, ['ACL', 'SETUSER', 'app', 'on', '>s3cr3t', '~cacheproof:*', '+@all', '-@hash', '-getdel', '-exec', '-@admin'])
    const mine = url.replace('//', '//app:s3cr3t@')
    const { exitCode, found } = await asJson(mine, { runs: 10 })
    expect(exitCode).toBe(4)
    expect(found.verdicts.filter(({ outcome }) => outcome === 'fails')).toEqual([])
    const hashes = found.verdicts.find(({ id }) => id === 'property/redis/hashes')!
    expect(hashes.outcome).toBe('unknown')
    expect(hashes.evidence).toMatch(/not testable here: .*HGETALL.*NOPERM/)
    // Redis answers it with EXECABORT, and the reason behind it.
    const transactions = found.verdicts.find(({ id }) => id === 'property/redis/transactions')!
    expect([transactions.outcome, transactions.evidence]).toEqual(['unknown', expect.stringMatching(/not testable here: .*EXEC.*NOPERM/)])
    expect(JSON.stringify(found)).not.toContain('s3cr3t')
    expect((await ask(url, ['DBSIZE']))[0]).toBe(0)
  })

  // Within MULTI a server holds a refusal against the whole transaction, and tells EXEC.
  test.each([['-exec'], ['-discard'], ['-watch'], ['-multi'], ['-unwatch'], ['-discard -watch -exec'], ['-@transaction'], ['-set -get']])(
    'transactions of a user without %s: what is left of them is compared, and the rest named',
    async (rules) => {
      const server = await RealServer.start('redis-server')
      closing.push(() => server.close())
      const url = `redis://127.0.0.1:${server.port}`
      await ask(url, ['ACL', 'SETUSER', 'app', 'on', '>s3cr3t', '~cacheproof:*', '+@all', '-@admin', ...rules.split(' ')])
      const { exitCode, found } = await asJson(url.replace('//', '//app:s3cr3t@'), { runs: 40, only: ['redis/transactions'] })
      const [verdict] = found.verdicts
      expect([exitCode, verdict!.outcome], verdict!.evidence).toEqual([4, 'unknown'])
      if (rules.includes('-discard -watch -exec'))
        expect(found.skipped).toContainEqual({ id: 'redis/transactions: MULTI', reason: expect.stringMatching(/neither EXEC nor DISCARD/) })
      const forbidden =
        rules === '-@transaction' ? ['DISCARD', 'EXEC', 'WATCH', 'UNWATCH'] : rules.split(' ').map((rule) => rule.slice(1).toUpperCase())
      for (const name of forbidden) expect(verdict!.evidence).toMatch(new RegExp(`not testable here: .*\\b${name}\\b.*NOPERM`))
      expect((await ask(url, ['DBSIZE']))[0]).toBe(0)
    },
  )

  test('an endpoint where nothing could be removed is not written to', async () => {
    const server = await RealServer.start('redis-server')
    closing.push(() => server.close())
    const url = `redis://127.0.0.1:${server.port}`
    await ask(url, ['ACL', 'SETUSER', 'app', 'on', '>s3cr3t', '~app:*', '+@all'])
    const { exitCode, stderr } = await validate(url.replace('//', '//app:s3cr3t@'), { runs: 5, json: true })
    expect(exitCode).toBe(3)
    expect(stderr).toContain('~cacheproof:*')
  })
})

describe('planted differences are named in their shortest form', () => {
  const cases: readonly { name: string; create: typeof redis; scheme: 'redis' | 'memcached'; only: string; plant: Plant; script: RegExp }[] = [
    {
      name: 'INCRBY and INCR wrap',
      create: redis,
      scheme: 'redis',
      only: 'redis/counters',
      plant: {
        reply: ([name], reply) => (/^incr(by)?$/i.test(name!) && reply instanceof ReplyError && /overflow/.test(reply.text) ? -(2n ** 63n) : reply),
      },
      script: /^\S+ (\S+:[a-d]) -?\d+\nINCR(BY)? \1( -?\d+)?$/i,
    },
    {
      name: 'another error text',
      create: redis,
      scheme: 'redis',
      only: 'redis/hashes',
      plant: { reply: (_, reply) => (reply instanceof ReplyError && reply.code === 'WRONGTYPE' ? new ReplyError('WRONGTYPE wrong type') : reply) },
      script: /^\S+ \S+:[a-d] .+\n\S+ \S+:[a-d].*$/,
    },
    {
      name: 'GT is not heeded',
      create: redis,
      scheme: 'redis',
      only: 'redis/expiry',
      plant: { command: (words) => (/^p?expireat$/i.test(words[0]!) && words.length === 4 && /^gt$/i.test(words[3]!) ? words.slice(0, 3) : words) },
      script: /^\S+ .*\nP?EXPIREAT \S+ \d+ GT$/i,
    },
    {
      name: 'incr does not wrap',
      create: memcached,
      scheme: 'memcached',
      only: 'memcached/counters',
      plant: { command: (words) => (words[0] === 'incr' && words[2]?.length === 20 ? ['incr', words[1]!, '1', ...words.slice(3)] : words) },
      script: /^(set|add) [^\n]+\n\d+\nincr \S+ \d{20}$/,
    },
    {
      name: 'cas takes a stale id',
      create: memcached,
      scheme: 'memcached',
      only: 'memcached/cas',
      plant: {
        reply: ([name], reply) => (name === 'cas' && reply instanceof SimpleString && reply.text === 'EXISTS' ? new SimpleString('STORED') : reply),
      },
      script: /^(set|add) [^\n]+\n[^\n]*\ncas [^\n]+\n[^\n]*$/,
    },
  ]

  test.each(cases)('$name', async ({ create, scheme, only, plant, script }) => {
    const url = await serve(create, scheme, plant)
    const { exitCode, found } = await asJson(url, { runs: 300, only: [only] })
    expect(exitCode).toBe(1)
    const [verdict] = found.verdicts
    expect(verdict!.outcome).toBe('fails')
    expect(verdict!.counterexample!.slice(0, -2).join('\n')).toMatch(script)

    // The replay command, as printed, shows it again and nothing else.
    const words = verdict!.replay!.split(' ')
    expect(words.slice(0, 3)).toEqual(['cacheproof', 'validate', url])
    const flag = (name: string) => words[words.indexOf(`--${name}`) + 1]!
    const again = await asJson(url, { only: [flag('only')], seed: Number(flag('seed')), path: flag('path') })
    expect(again.exitCode).toBe(1)
    expect(again.found.verdicts[0]!.counterexample!.slice(0, -2).join('\n')).toMatch(script)
    expect(again.found.verdicts[0]!.numbers!['sequences']).toBeLessThan(verdict!.numbers!['sequences']!)
  })

  test('a mended endpoint no longer shows what is replayed', async () => {
    const url = await serve(redis, 'redis')
    const { exitCode, found } = await asJson(url, { only: ['redis/counters'], path: '3:1:0' })
    expect(found.verdicts[0]!.outcome).toBe('holds')
    expect(exitCode).toBe(0)
  })

  test('reads well at a terminal, and in HTML and JUnit', async () => {
    const url = await serve(redis, 'redis', { reply: ([name], reply) => (name === 'STRLEN' ? new ReplyError('ERR <b>\x1b[31mno</b>') : reply) })
    const folder = mkdtempSync(join(tmpdir(), 'cacheproof-validate-'))
    closing.push(() => rmSync(folder, { recursive: true }))
    const { exitCode, stdout } = await validate(url, { runs: 100, only: ['redis/strings'], out: folder })
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/✗ fails {8}redis\/strings/)
    expect(stdout).toMatch(/\n {8}STRLEN cacheproof:\w+:[a-d]\n/)
    expect(stdout).toContain('redis-7.0.15 answers: (integer) 0')
    expect(stdout).toMatch(/the endpoint answers: \(error\) ERR <b>\\x1b\[31mno<\/b>/)
    expect(stdout).toMatch(/again: cacheproof validate redis:\/\/127\.0\.0\.1:\d+ --only redis\/strings --seed 7 --path [\d:]+\n/)
    expect(stdout).not.toContain('\x1b')
    const html = readFileSync(join(folder, 'index.html'), 'utf8')
    expect(html).toContain('redis/strings')
    expect(html).not.toContain('<b>\x1b')
    expect(readFileSync(join(folder, 'junit.xml'), 'utf8')).toContain('failures="1"')
  })
})

describe('clocks that differ', () => {
  test.each([-86_400, 90])('an endpoint whose clock is %i s off keeps its times to live', async (seconds) => {
    const shifted = (options: EngineOptions) => redis({ ...options, wallMicros: () => options.wallMicros() + seconds * 1e6 })
    const url = await serve(shifted, 'redis')
    const { exitCode, found } = await asJson(url, { runs: 40, only: ['redis/expiry', 'redis/strings'] })
    expect(found.verdicts.map(({ outcome, evidence }) => [outcome, evidence])).toEqual(found.verdicts.map(({ evidence }) => ['holds', evidence]))
    expect(exitCode).toBe(0)
    expect(found.notes.join()).toContain(`${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'}`)
  })
})

describe('what a user gets wrong', () => {
  test.each([
    ['a part of no id', { only: ['strigns'] }, 2, /did you mean redis\/strings\?/],
    ["another family's id", { only: ['memcached/cas'] }, 2, /is one of memcached, and this target speaks redis/],
    ['a path that is none', { only: ['redis/strings'], path: '1;rm' }, 2, /--path "1;rm" is no path/],
    ['a path for several', { path: '1:2' }, 2, /--only/],
    ['nothing to allow', { allow: ['sever'] }, 2, /did you mean --allow server\?/],
    ['no such profile', { profile: 'redis-7.0.51' }, 2, /did you mean redis-7\.0\.15\?/],
    ["another family's profile", { profile: 'memcached-1.6.18' }, 2, /another family/],
    ['a folder that can not be made', { out: '/dev/null/x' }, 2, /can't be made/],
  ] as const)('%s', async (_name, flags, code, message) => {
    const { exitCode, stdout, stderr } = await validate('engine:redis', { runs: 1, ...flags })
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(stdout).toBe('')
    expect(exitCode).toBe(code)
  })

  test('a path without its seed', async () => {
    const { exitCode, stderr } = await runCommand(() => validateCommand('engine:redis', { only: ['redis/strings'], path: '1' }))
    expect(stderr).toContain('--seed')
    expect(exitCode).toBe(2)
  })

  test('targets that can not be used', async () => {
    const server = await RealServer.start('memcached')
    closing.push(() => server.close())
    const free = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => free.once('listening', resolve))
    const { port } = free.address() as { port: number }
    await new Promise((resolve) => free.close(resolve))
    for (const [target, message] of [
      [`redis://127.0.0.1:${port}`, /127\.0\.0\.1/],
      [`redis://127.0.0.1:${server.port}`, /memcached/i],
      [`redis://:s3cr3t@127.0.0.1:${server.port}`, /memcached/i],
    ] as const) {
      const { exitCode, stderr } = await validate(target, { runs: 1 })
      expect(stderr).toMatch(message)
      expect(stderr).not.toMatch(/\n\s+at |s3cr3t/)
      expect(exitCode).toBe(3)
    }
  })

  test('a wrong password', async () => {
    const server = await RealServer.start('redis-server')
    closing.push(() => server.close())
    await ask(`redis://127.0.0.1:${server.port}`, ['CONFIG', 'SET', 'requirepass', 'right'])
    const { exitCode, stderr } = await validate(`redis://:wr0ng@127.0.0.1:${server.port}`, { runs: 1 })
    expect(exitCode).toBe(3)
    expect(stderr).not.toMatch(/wr0ng|\n\s+at /)
  })
})

test('a profile that is not the endpoint’s own version is said to be so', async () => {
  const { found } = await asJson('engine:redis?profile=redis-8.0.2', { runs: 2, only: ['redis/counters'], profile: 'redis-7.2' })
  expect(found.profile).toBe('redis-7.2.4')
  expect(found.notes.join()).toContain('redis 8.0.2')
})

async function itemsAt(url: string): Promise<number> {
  const [stats] = await ask(url, ['stats'])
  if (!(stats instanceof MemcachedValues)) throw new Error('no stats')
  const row = stats.items.find(({ key }) => Buffer.from(key).toString() === 'curr_items')
  return Number(Buffer.from(row!.value).toString())
}

/** Also what took no time. */
const REMEMBER_COMMANDS: Command[] = [['CONFIG', 'SET', 'slowlog-log-slower-than', '0']]

/** The prefix of the run that is under way at a server. */
async function prefixInUse(url: string): Promise<string> {
  let prefix: string | undefined
  await until(async () => {
    const [entries] = await ask(url, ['SLOWLOG', 'GET', '100'])
    prefix = /cacheproof:\w+:/.exec(shown(entries ?? null))?.[0]
    return prefix !== undefined
  })
  return prefix!
}

function shown(reply: Reply): string {
  return Array.isArray(reply) ? reply.map((item: Reply) => shown(item)).join(' ') : String(text(reply))
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5))
}
