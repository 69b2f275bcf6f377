// needs: redis-server, memcached

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { compareCommand } from '../src/cli/commands/compare-command.ts'
import { listCommand } from '../src/cli/commands/list-command.ts'
import { profileCommand } from '../src/cli/commands/profile-command.ts'
import { reportCommand } from '../src/cli/commands/report-command.ts'
import { runCommand as runWorkloads } from '../src/cli/commands/run-command.ts'
import { CommandTable } from '../src/engine/redis/command-table.ts'
import { findRedisProfile } from '../src/engine/redis/profiles.ts'
import { createRealRuntime } from '../src/runtime/real-runtime.ts'
import { SECOND } from '../src/runtime/runtime.ts'
import { openTarget } from '../src/targets/open-target.ts'
import { exchange } from '../src/validate/client-endpoint.ts'
import { MEMCACHED_SAMPLES } from '../src/validate/profile/memcached-samples.ts'
import type { Profile } from '../src/validate/profile/profile.ts'
import { REDIS_SAMPLES } from '../src/validate/profile/redis-samples.ts'
import { surplus } from './support/fakes/behaviours/surplus.ts'
import { wrongType } from './support/fakes/behaviours/wrong-type.ts'
import { FakeCache } from './support/fakes/fake-cache.ts'
import { RealServer } from './support/real-server.ts'
import { runCommand } from './support/run-command.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cacheproof-commands-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('list', () => {
  test('everything there is, named as it is typed', async () => {
    const { exitCode, stdout } = await runCommand(() => listCommand(undefined, {}))
    expect(exitCode).toBe(0)
    for (const name of ['cache-aside', 'session-store', 'redis/strings', 'kill', 'engine:valkey', 'ioredis:defaults', 'redis-7.0.15'])
      expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'))
    expect(stdout).not.toContain('\x1b')
  })

  test('one kind, as JSON, each with a line about it', async () => {
    const { stdout } = await runCommand(() => listCommand('claims', { json: true }))
    const { claims } = JSON.parse(stdout) as { claims: { name: string; summary: string }[] }
    expect(claims.length).toBeGreaterThan(10)
    for (const { summary } of claims) expect(summary).not.toBe('')
  })

  test.each([
    ['patern', /did you mean patterns\?/],
    ['toString', /kinds are workloads/],
  ])('%s is no kind', async (kind, message) => {
    const { exitCode, stderr } = await runCommand(() => listCommand(kind, {}))
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(message)
  })
})

describe('compare', () => {
  async function stored(name: string, seed: number, virtual = true): Promise<string> {
    const out = join(folder, name)
    await runCommand(() => runWorkloads(['kv-mix'], { target: ['engine:redis'], seed, virtual, duration: '200ms', out, quiet: true }))
    return out
  }

  test('two runs side by side, at a terminal, as JSON, as a page, as Markdown and as JUnit', async () => {
    const [a, b] = [await stored('a', 1), await stored('b', 2)]
    const [page, markdown, junit] = ['page.html', 'summary.md', 'gates.xml'].map((name) => join(folder, name)) as [string, string, string]
    const flags = { out: [page, markdown, junit], failOn: ['rate < -50%'] }
    const { exitCode, stdout } = await runCommand(() => compareCommand([a, b], flags))
    expect(stdout).toMatch(/^ {2}a +\(baseline\)/m)
    expect(stdout).toMatch(/^ {2}b /m)
    expect(stdout).toContain('the seed differs: a has 1, b 2')
    // One run a side: nobody knows.
    expect(exitCode).toBe(4)
    expect(readFileSync(page, 'utf8')).toContain('<!doctype html>')
    expect(readFileSync(markdown, 'utf8')).toMatch(/^## cacheproof/)
    expect(readFileSync(junit, 'utf8')).toContain('gate/rate')
    const json = await runCommand(() => compareCommand([a, b], { json: true }))
    const comparison = JSON.parse(json.stdout) as { groups: { alternatives: { name: string; cells: unknown[] }[] }[]; factors: unknown[] }
    expect(comparison.factors).toEqual([{ name: 'run', levels: ['a', 'b'] }])
    expect(comparison.groups[0]!.alternatives.map(({ cells }) => cells)).toEqual([
      ['a: kv-mix/engine:redis/wire/0'],
      ['b: kv-mix/engine:redis/wire/0'],
    ])
  })

  test('one run by itself, by any factor', async () => {
    const out = join(folder, 'one')
    await runCommand(() =>
      runWorkloads(['kv-mix'], { target: ['engine:redis', 'engine:memcached'], seed: 1, virtual: true, duration: '200ms', out, quiet: true }),
    )
    const { exitCode, stdout } = await runCommand(() => compareCommand([out], { by: 'target', baseline: 'engine:memcached', figures: 'round_trips' }))
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/memcached +\(baseline\)/i)
    for (const [flags, message] of [
      [{ by: 'targte' }, /did you mean target\?/],
      [{ by: 'target', baseline: 'engine:redi' }, /did you mean engine:redis\?/],
      [{ baseline: 'engine:redis' }, /--by target --baseline engine:redis/],
      [{ figures: 'raed.p99' }, /did you mean read\.p99\?/],
      [{ failOn: ['rate > 10%'] }, /does not say which way/],
      [{ out: ['page.txt'] }, /\.html.*\.md.*\.xml/],
      [{ equivalentWithin: '80%' }, /up to 50 %/],
    ] as const) {
      const refused = await runCommand(() => compareCommand([out], flags))
      expect(refused.stderr).toMatch(message)
      expect(refused.exitCode).toBe(2)
    }
  })

  test('money stands in every output of run, report and compare that names prices, in their pages too, and in no stored run', async () => {
    const [out, price, page] = ['priced', 'prices.json', 'page.html'].map((name) => join(folder, name)) as [string, string, string]
    writeFileSync(price, '{ "currency": "EUR", "database_reads_per_million": 0.25 }')
    const flags = { target: ['engine:redis'], seed: 1, virtual: true, duration: '200ms', out, quiet: true }
    const [html, markdown] = ['index.html', 'report.md'].map((name) => () => readFileSync(join(out, name), 'utf8')) as [() => string, () => string]
    const head = /cost in EUR/i
    expect((await runCommand(() => runWorkloads(['cache-aside'], { ...flags, price }))).stdout).toMatch(head)
    for (const written of [html, markdown]) expect(written()).toMatch(head)
    expect((await runCommand(() => reportCommand(out, {}))).stdout).not.toMatch(head)
    for (const written of [html, markdown]) expect(written()).not.toMatch(head)
    expect((await runCommand(() => reportCommand(out, { price }))).stdout).toMatch(head)
    expect(html()).toMatch(head)
    expect((await runCommand(() => compareCommand([out], { price, out: [page] }))).stdout).toMatch(head)
    expect(readFileSync(page, 'utf8')).toMatch(head)
    expect(readFileSync(join(out, 'run.json'), 'utf8')).not.toContain('EUR')
    writeFileSync(price, '{ "currncy": "EUR" }')
    const refused = await runCommand(() => runWorkloads(['cache-aside'], { ...flags, price, force: true }))
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringMatching(/prices\.json:1:3.*currncy[\s\S]*did you mean currency\?/)])
  })

  test('what can not be compared is a usage error', async () => {
    const a = await stored('a', 1)
    const real = await stored('real', 1, false)
    for (const [folders, message] of [
      [[a], /nothing that can be compared[\s\S]*at least two alternatives/],
      [[a, folder], /run\.json can't be read/],
      [[a, real], /virtual time.*real time/],
    ] as const) {
      const { exitCode, stderr, stdout } = await runCommand(() => compareCommand(folders, {}))
      expect(stderr).toMatch(message)
      expect(stdout).toBe('')
      expect(exitCode).toBe(2)
    }
  })
})

describe('profile', () => {
  const short = { time: '5ms', seed: 3, json: true }

  test('samples are commands that the tables know, on own keys', () => {
    const table = new CommandTable(findRedisProfile('redis')!)
    for (const { name, command, prepare } of REDIS_SAMPLES) {
      for (const one of [...(prepare?.('p:') ?? []), command('p:', 0), command('p:', 7)]) {
        expect(table.resolve(one), name).toMatchObject({ reach: name === 'PING' ? 'connection' : 'own keys' })
      }
    }
    const names = [...REDIS_SAMPLES, ...MEMCACHED_SAMPLES].map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })

  test('real servers and the engine: every command measured, families beside each other, nothing left', async () => {
    const server = await RealServer.start('redis-server')
    const memcached = await RealServer.start('memcached')
    try {
      const urls = [`redis://127.0.0.1:${server.port}`, `memcached://127.0.0.1:${memcached.port}`, 'engine:redis']
      const { exitCode, stdout } = await runCommand(() => profileCommand(urls, short))
      expect(exitCode).toBe(0)
      const profile = JSON.parse(stdout) as Profile
      expect(profile.targets.map(({ label }) => label)).toEqual(urls)
      const get = profile.rows.find(({ command }) => command === 'GET / get')!
      expect(get.results.map(({ target }) => target)).toEqual(urls)
      expect(profile.rows.find(({ command }) => command === 'mg')!.results).toHaveLength(1)
      for (const { results } of profile.rows) {
        for (const { error, samples, p50Nanos, p75Nanos, p99Nanos } of results) {
          expect(error).toBeUndefined()
          expect(samples).toBeGreaterThanOrEqual(5)
          expect(p50Nanos).toBeGreaterThan(0)
          expect(p75Nanos).toBeGreaterThanOrEqual(p50Nanos)
          // Far fewer than the 10,000 that a 99th percentile needs.
          expect(p99Nanos).toBeNull()
        }
      }
      expect(await keysAt(urls[0]!)).toBe(0)
    } finally {
      await server.close()
      await memcached.close()
    }
  })

  test('a command that is refused is told, and the others are measured', async () => {
    const server = await RealServer.start('redis-server')
    try {
      const url = `redis://127.0.0.1:${server.port}`
      await withClient(url, [['ACL', 'SETUSER', 'app', 'on', '>s3cr3t', '~*', '+@all', '-getex']])
      const { exitCode, stdout } = await runCommand(() => profileCommand([url.replace('//', '//app:s3cr3t@')], { ...short, json: false }))
      expect(exitCode).toBe(0)
      expect(stdout).toMatch(/^ {2}GETEX +refused$/m)
      expect(stdout).toMatch(/GETEX on redis:\/\/127\.0\.0\.1:\d+: NOPERM/)
      expect(stdout).not.toContain('s3cr3t')
    } finally {
      await server.close()
    }
  })

  test('a command that is answered with something else is none that was measured', async () => {
    const cache = await FakeCache.start({ family: 'redis', behaviours: [wrongType({ as: 'status', commands: ['GET'] })] })
    try {
      const { exitCode, stdout } = await runCommand(() => profileCommand([cache.url], { ...short, json: false }))
      expect(exitCode).toBe(0)
      expect(stdout).toMatch(/^ {2}GET +refused$/m)
      expect(stdout).toMatch(/GET on redis:.* the status "OK" where a string was due/s)
    } finally {
      await cache.close()
    }
  })

  test('an endpoint that is lost before anything was measured is an error, and no connection to it is kept', async () => {
    // Behind the commands that are tried out: answers that nobody asked for.
    const cache = await FakeCache.start({ family: 'redis', behaviours: [surplus({ afterCommands: 60 })] })
    try {
      const { exitCode, stderr } = await runCommand(() => profileCommand([cache.url], short))
      expect(stderr).toMatch(/the connection was lost while keys were prepared/)
      expect(exitCode).toBe(3)
      // An open one would keep the process from ending.
      while (cache.counts.open > 0) await new Promise((resolve) => setTimeout(resolve, 20))
    } finally {
      await cache.close()
    }
  })

  test.each([
    [['engine:redis'], { time: '5' }, 2, /no duration/],
    [['engine:redis'], { time: '10us' }, 2, /too short/],
    [['engine:redis', 'engine:redis'], {}, 2, /given twice/],
    [['engine:redis'], { client: ['ioredis'] }, 2, /in-process/],
    [['redis://127.0.0.1:1'], {}, 3, /127\.0\.0\.1:1/],
  ] as const)('%j with %j', async (targets, flags, code, message) => {
    const { exitCode, stderr } = await runCommand(() => profileCommand(targets, { seed: 3, time: '5ms', ...flags }))
    expect(stderr).toMatch(message)
    expect(exitCode).toBe(code)
  })
})

async function withClient(url: string, commands: readonly (readonly string[])[]) {
  const runtime = createRealRuntime({ seed: 1 })
  const target = await openTarget(url, { runtime, client: 'wire', env: {}, describe: false })
  const client = await target.connect({ deadlineNanos: 5 * SECOND, connections: 1, id: 1 })
  try {
    return await exchange(client, commands)
  } finally {
    await client.close()
    await target.close()
    runtime.close()
  }
}

async function keysAt(url: string): Promise<unknown> {
  return (await withClient(url, [['DBSIZE']]))[0]
}
