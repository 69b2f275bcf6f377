// needs: redis-server, memcached

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { profileCommand } from '../src/cli/commands/profile-command.ts'
import { runCommand as runWorkloads } from '../src/cli/commands/run-command.ts'
import { validateCommand } from '../src/cli/commands/validate-command.ts'
import { findRedisProfile } from '../src/engine/redis/profiles.ts'
import { createRedisEngine } from '../src/engine/redis/redis-engine.ts'
import { KILLED } from '../src/measure/killed.ts'
import { ReplyError } from '../src/protocol/reply.ts'
import { createRealRuntime } from '../src/runtime/real-runtime.ts'
import { EngineServer } from '../src/server/engine-server.ts'
import { startLocalServer } from '../src/targets/local/local-server.ts'
import { aclAdditions } from '../src/targets/preflight/acl-additions.ts'
import { neededCommands } from '../src/targets/preflight/preflight.ts'
import { MemcachedProbe } from '../src/targets/probe/memcached-probe.ts'
import { type ProbeReply, RespProbe } from '../src/targets/probe/resp-probe.ts'
import type { Validation } from '../src/validate/validation.ts'
import { PROGRAMS } from '../src/workload/patterns/registry.ts'
import { HOME } from './support/cli.ts'
import { plantedEngine } from './support/planted-engine.ts'
import { type CommandOutcome, runCommand } from './support/run-command.ts'

/**
 * Endpoints that refuse what would be sent to them: exit code 3 before any load, with the ACL line or the setting that is
 * missing, and nothing left behind.
 */
const folder = mkdtempSync(join(tmpdir(), 'cacheproof-preflight-'))
const SECRET = 'hunter2secret'
const closing: (() => unknown)[] = []
let out: string
let runs = 0
beforeEach(() => {
  out = join(folder, `out-${runs++}`)
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('permissions', () => {
  /** [rules of the user, what the first line says, the words of its ACL line, for all commands or for run alone] */
  const cases = [
    [
      'keys of others only',
      ['~other:*', '+@all'],
      /: does not let the user app touch keys that begin with cacheproof:$/,
      /^ACL SETUSER app ~cacheproof:\* \+/,
    ],
    ['reading only', ['~cacheproof:*', '+@read'], /: does not let the user app send (SET or )?DEL$/, /^ACL SETUSER app \+/],
    ['keys for reading only', ['%R~cacheproof:*', '+@all'], /: does not let the user app touch keys that begin with cacheproof:$/, /~cacheproof:\*/],
  ] as const

  test.each(cases)('%s: run, validate and profile end before they begin', async (_, rules, says, gives) => {
    const server = await redis()
    const url = await userWith(server, ...rules)
    for (const command of [run, validate, profile]) {
      const before = await commandsAt(server)
      const outcome = await command(url)
      expectRefused(outcome, says, gives)
      // A handful of questions, and no load.
      expect((await commandsAt(server)) - before).toBeLessThan(10)
      expect(await server.ask('DBSIZE')).toBe(0)
    }
  })

  test.each(['get', 'set'])('without %s a run does not begin; validate and profile do without it, and say so', async (name) => {
    const server = await redis()
    const url = await userWith(server, '~cacheproof:*', '+@all', `-${name}`)
    const before = await commandsAt(server)
    const refused = await run(url)
    expectRefused(refused, new RegExp(`: does not let the user app send ${name.toUpperCase()}$`), /^ACL SETUSER app \+get \+set \+del$/)
    expect((await commandsAt(server)) - before).toBeLessThan(10)
    expect(await server.ask('DBSIZE')).toBe(0)

    const validated = await validate(url, ['strings', 'transactions'])
    expect(validated.exitCode).toBe(4)
    for (const { outcome, evidence } of (JSON.parse(validated.stdout) as Validation).verdicts) {
      expect([outcome, evidence]).toEqual([
        'unknown',
        expect.stringMatching(new RegExp(`not testable here: ${name.toUpperCase()} .*ACL SETUSER app \\+${name}$`)),
      ])
    }
    const profiled = await profile(url)
    expect(profiled.exitCode).toBe(0)
    expect(profiled.stdout).toMatch(new RegExp(`^ {2}${name.toUpperCase()} +refused$`, 'm'))
    expect(profiled.stdout).toMatch(new RegExp(`ACL SETUSER app \\+${name} allows what is refused`))
    expect(await server.ask('DBSIZE')).toBe(0)
  })

  test.each(['cache-aside', 'session-store', 'leaderboard', 'kv-mix'])('the line that is printed is all that %s lacked', async (workload) => {
    const server = await redis()
    const url = await userWith(server, '~other:*', '+ping')
    const refused = await run(url, workload)
    const [line = ''] = /ACL SETUSER .*$/m.exec(refused.stderr) ?? []
    expect(refused.exitCode).toBe(3)
    await server.ask(...line.split(' '))
    const allowed = await run(url, workload)
    expect([allowed.exitCode, allowed.stderr]).toEqual([expect.toBeOneOf([0, 1, 4]), expect.not.stringContaining('cacheproof: ')])
    expect(cacheErrors()).toEqual([])
  })

  test('the line that validate prints lets everything be compared', async () => {
    const server = await redis()
    const url = await userWith(server, '~other:*', '+info')
    const refused = await validate(url)
    const [line = ''] = /ACL SETUSER .*$/m.exec(refused.stderr) ?? []
    await server.ask(...line.split(' '))
    const allowed = await validate(url)
    expect((JSON.parse(allowed.stdout) as Validation).verdicts.filter(({ outcome }) => outcome !== 'holds')).toEqual([])
    expect(await server.ask('DBSIZE')).toBe(0)
  })

  test('already the choice of a database', async () => {
    const server = await redis()
    const url = await userWith(server, '~other:*', '+@all', '-select')
    expectRefused(await run(`${url}/3`), /\/3: does not let the user app send SELECT$/, /^ACL SETUSER app ~cacheproof:\* \+select \+get \+set \+del$/)
  })

  test('every endpoint and client of a plan is asked, and all are told at once', async () => {
    const [first, second] = [await redis(), await redis()]
    const urls = [await userWith(first, '~other:*', '+@all'), await userWith(second, '~cacheproof:*', '+@all', '-set')]
    const outcome = await runCommand(() =>
      runWorkloads(['cache-aside'], { ...flags(), target: ['engine:redis', ...urls], client: ['wire', 'ioredis'] }),
    )
    expect(outcome.exitCode).toBe(3)
    for (const [index, words] of ['touch keys', 'send SET'].entries()) {
      const { port } = [first, second][index]!
      // Once, though through two clients.
      expect(
        outcome.stderr.match(new RegExp(`redis://127\\.0\\.0\\.1:${port}: does not let the user app ${words}.*\\n +ACL SETUSER app `, 'g')),
      ).toHaveLength(1)
    }
    expect(existsSync(out)).toBe(false)
  })

  test.each(['exec', 'multi', 'discard', 'watch', 'getex', 'type', 'object', 'client|setname', 'hello', 'ping'])(
    'validate calls no engine broken for a user without %s',
    async (name) => {
      const server = await redis()
      const url = await userWith(server, '~cacheproof:*', '+@all', `-${name}`)
      const { stdout, stderr } = await validate(url, ['transactions', 'connection', 'strings', 'expiry'])
      expect(stderr).toBe('')
      expect((JSON.parse(stdout) as Validation).verdicts.filter(({ outcome }) => outcome === 'fails')).toEqual([])
      expect(await server.ask('DBSIZE')).toBe(0)
    },
  )

  test('the README says what each command needs', () => {
    const text = readFileSync(join(HOME, 'README.md'), 'utf8')
    for (const program of PROGRAMS.filter(({ usesCache }) => usesCache)) {
      const calls = program.calls(program.settings.parse({}))
      const rules = aclAdditions({ user: 'app', commands: neededCommands('redis', calls), keys: true }).replace('ACL SETUSER app ', '')
      expect(text, program.name).toContain(`\`${rules}\``)
    }
  })
})

describe('states and settings', () => {
  test('a replica', async () => {
    const primary = await redis()
    const replica = await redis('--replicaof', `127.0.0.1 ${primary.port}`)
    for (const command of [run, validate, profile])
      expectRefused(
        await command(replica.url),
        /: is a replica and takes no writes$/,
        new RegExp(`^Aim at its primary, 127\\.0\\.0\\.1:${primary.port}`),
      )
    // Also where the user may not ask for its role.
    const url = await userWith(replica, '~*', '+@all', '-info')
    for (const command of [run, validate, profile]) expectRefused(await command(url), /: is a replica and takes no writes$/, /^Aim at its primary/)
    expect(await primary.ask('DBSIZE')).toBe(0)
  })

  test('a password that is missing', async () => {
    const server = await redis('--requirepass', SECRET)
    for (const command of [run, validate, profile]) expectRefused(await command(server.url), /: the server wants a password$/, /CACHEPROOF_PASSWORD/)
  })

  test('memory that is full', async () => {
    const server = await redis('--maxmemory', '1mb', '--maxmemory-policy', 'noeviction')
    const size = await fillUp(server)
    for (const command of [run, validate, profile]) {
      const before = await commandsAt(server)
      expectRefused(
        await command(server.url),
        /refuses .*SET.*, because its memory of 1 MiB is full and it evicts nothing/,
        /^CONFIG SET maxmemory-policy allkeys-lru$/,
      )
      expect((await commandsAt(server)) - before).toBeLessThan(100)
      expect(await server.ask('DBSIZE')).toBe(size)
    }
  })

  test('memory that is full by design refuses nothing', async () => {
    const server = await redis('--maxmemory', '3mb', '--maxmemory-policy', 'allkeys-lru')
    for (let key = 0; key < 4_000; key++) await server.ask('SET', `k${key}`, 'x'.repeat(1_000))
    const outcome = await run(server.url)
    expect(outcome.stderr.replace(/^note: .* run again, .*\n/m, '')).toBe('')
    expect(outcome.exitCode).toBeOneOf([0, 1, 4])
  })

  test('a server that cacheproof starts itself', async () => {
    // Even empty it has more than this.
    expectRefused(
      await run('local:redis?maxmemory=500kb'),
      /^cacheproof: local:redis\?maxmemory=500kb: refuses SET, because its memory of 0\.5 MiB is full/,
      /\?maxmemory=64mb/,
    )
    expect((await run('local:redis')).exitCode).toBeOneOf([0, 1, 4])
  })

  test('a command that was taken away', async () => {
    const server = await redis('--rename-command', 'GETEX', '')
    expectRefused(await run(server.url, 'session-store'), /: does not know GETEX$/, /Redis 6\.2\.0 or later.*rename-command/)
    expect((await run(server.url, 'cache-aside')).exitCode).toBeOneOf([0, 1, 4])
  })

  test.each([
    ['MISCONF Redis is configured to save RDB snapshots, but it is currently unable to persist to disk.', /write to its disk/],
    ['CLUSTERDOWN Hash slot not served', /cluster that is down/],
    ['LOADING Redis is loading the dataset in memory', /still loading/],
  ])('%s', async (text, says) => {
    const runtime = createRealRuntime({ seed: 1 })
    const server = new EngineServer({
      runtime,
      createEngine: plantedEngine((options) => createRedisEngine(findRedisProfile('redis')!, options), {
        reply: ([name], reply) => (name === 'SET' ? new ReplyError(text) : reply),
      }),
    })
    closing.push(() => server.kill().then(() => runtime.close()))
    const { port } = await server.start()
    for (const command of [run, validate, profile]) expectRefused(await command(`redis://127.0.0.1:${port}`), says, /./)
  })
})

describe('Memcached', () => {
  test.each(['wire', 'memjs'])('values that are larger than its items, by %s', async (client) => {
    const server = await memcached('-I', '512k')
    const file = workload('values: { size: 600KB }')
    expectRefused(
      await run(server.url, file, client),
      /: refuses values of 600 kB, the largest of this workload: its largest item has 524 kB/,
      /^memcached -I 1m -m 64$/,
    )
    expect(await server.items()).toBe(0)
    // The largest of many is told before it is drawn.
    const tail = workload('values: { size: { lognormal: { median: 100KB, p99: 600KB } } }')
    expectRefused(await run(server.url, tail, client), /refuses values of \d+ kB/, /^memcached -I \dm/)
    expect((await run(server.url, workload('values: { size: 400KB }'), client)).stderr).toBe('')
    for (const command of [validate, profile]) expect((await command(server.url)).exitCode).toBe(0)
  })

  test('values that are too large for one that cacheproof starts', async () => {
    expectRefused(
      await run('local:memcached', workload('values: { size: 2MB }')),
      /^cacheproof: local:memcached: refuses values of 2 MB/,
      /^Give the workload smaller values/,
    )
  })

  test('one node of a ring', async () => {
    const [first, second] = [await memcached(), await memcached('-I', '512k')]
    const ring = `memcached://127.0.0.1:${first.port},127.0.0.1:${second.port}`
    expectRefused(
      await run(ring, workload('values: { size: 600KB }')),
      new RegExp(`^cacheproof: memcached://127\\.0\\.0\\.1:${second.port}: refuses values`),
      /-I 1m/,
    )
    expect([await first.items(), await second.items()]).toEqual([0, 0])
  })

  test('memory that is full is a refusal where nothing is evicted, and none where something is', async () => {
    const file = workload('values: { size: 1KB }')
    for (const [args, refused] of [
      [['-M'], true],
      [[], false],
    ] as const) {
      const server = await memcached('-m', '2', ...args)
      await server.fillUp()
      const outcome = await run(server.url, file)
      if (refused) expectRefused(outcome, /: refuses set, because its memory is full and it evicts nothing \(-M\)$/, /without -M/)
      else expect([outcome.stderr, outcome.exitCode]).toEqual(['', expect.any(Number)])
      if (!refused) expect(outcome.exitCode).toBeOneOf([0, 1, 4])
    }
  })
})

describe('faults that are not allowed', () => {
  test('are refused before any cell runs, by fault, cell and target', async () => {
    const server = await redis()
    const before = await commandsAt(server)
    const refused = async (fault: string, more = {}) => {
      const all = { ...flags(), target: ['engine:redis', server.url], fault: [fault], ...more }
      const outcome = await runCommand(() => runWorkloads(['cache-aside'], all))
      expect([outcome.exitCode, outcome.stdout]).toEqual([2, ''])
      expect(existsSync(out)).toBe(false)
      return outcome.stderr
    }
    const cell = `of the cell cache-aside/redis://127.0.0.1:${server.port}/wire/0`
    expect(await refused('noop:primary@0s')).toContain(
      `cacheproof: the fault "noop" ${cell} would act on ${server.url}, which cacheproof did not start\n  If it may be broken, say so with --i-own-this-target.`,
    )
    // The flag alone would not be enough, and it is said at once.
    expect(await refused('kill:primary@0s')).toMatch(/did not start\n {2}--i-own-this-target would allow it, but .*local: or engine:/)
    expect(await refused('kill:primary@0s', { iOwnThisTarget: true })).toContain(`the fault "kill" ${cell} can't act on ${server.url}`)
    // Nobody was asked anything for it.
    expect(await commandsAt(server)).toBe(before)
    for (const target of ['engine:redis', 'local:redis']) {
      const words = await refused('kill:replica@0s', { target: ['engine:memcached', target] })
      expect(words).toMatch(/the fault "kill" of the cell \S+ can't act on "replica": \S+ has no such role or node/)
    }
  })

  test('a fault in a cell without a cache has nothing to act on', async () => {
    const file = workload('pattern: none', 'faults: [ { at: 0s, kill: primary } ]')
    const outcome = await run('engine:redis', file)
    expect(outcome.exitCode).toBe(2)
    expect(outcome.stderr).toMatch(/the fault "kill" of the cell \S+ has nothing to act on: the pattern none uses no cache/)
  })
})

/** Exit code 3, what is refused in the first line, what is missing in the second, and no secret. */
function expectRefused({ exitCode, stdout, stderr }: CommandOutcome, says: RegExp, gives: RegExp): void {
  const lines = stderr.split('\n')
  const first = lines.findIndex((line) => line.startsWith('cacheproof: '))
  expect(lines[first], stderr).toMatch(says)
  expect(lines[first + 1]?.trim()).toMatch(gives)
  expect([exitCode, stdout]).toEqual([3, ''])
  expect(stderr).not.toContain(SECRET)
  expect(existsSync(out)).toBe(false)
}

const flags = () => ({ duration: '300ms', rate: '200/s', seed: 7, out, quiet: true })

const run = (url: string, name = 'cache-aside', client = 'wire') =>
  runCommand(() => runWorkloads([name], { ...flags(), target: [url], client: [client], ...(name === 'kv-mix' ? { rate: undefined } : {}) } as never))

const validate = (url: string, only: readonly string[] = []) => runCommand(() => validateCommand(url, { runs: 3, seed: 7, json: true, only }))

const profile = (url: string) => runCommand(() => profileCommand([url], { time: '1ms', seed: 7 }))

function workload(...lines: readonly string[]): string {
  const path = join(folder, `workload-${runs}-${lines.join('').length}.yaml`)
  const defaults = [
    'name: mine',
    'pattern: cache-aside',
    'keys: { count: 200 }',
    'load: { open: { rate: 100/s } }',
    'phases: [ { steady: 300ms } ]',
    'baseline: false',
  ]
  const own = (line: string) => lines.some((given) => given.startsWith(line.split(':')[0]!))
  writeFileSync(path, [...defaults.filter((line) => !own(line)), ...lines].join('\n'))
  return path
}

interface Redis {
  readonly port: number
  readonly url: string
  ask(...words: readonly string[]): Promise<ProbeReply>
}

async function redis(...args: readonly string[]): Promise<Redis> {
  const server = await startLocalServer({ kind: 'redis', args })
  closing.push(() => server.stop())
  const { host, port } = server
  const probe = await RespProbe.open({ host, port }, 5_000)
  closing.push(() => probe.close())
  return { port, url: `redis://${host}:${port}`, ask: (...words) => probe.call(...words) }
}

/** The URL of a new user of these rights. */
async function userWith({ ask, url }: Redis, ...rules: readonly string[]): Promise<string> {
  expect(await ask('ACL', 'SETUSER', 'app', 'reset', 'on', `>${SECRET}`, ...rules)).toBe('OK')
  return url.replace('//', `//app:${SECRET}@`)
}

/** Commands that a program could have sent, refused ones included. */
async function commandsAt({ ask }: Redis): Promise<number> {
  const lines = String(await ask('INFO', 'commandstats')).matchAll(/^cmdstat_(\w+).*?:calls=(\d+).*rejected_calls=(\d+)/gm)
  const asked = /^(?:ping|info|auth|acl|config|dbsize|hello|client|select|replconf|psync|command)$/
  return [...lines].reduce((sum, [, name, calls, rejected]) => sum + (asked.test(name!) ? 0 : Number(calls) + Number(rejected)), 0)
}

async function fillUp({ ask }: Redis): Promise<number> {
  for (let key = 0; ; key++) {
    const reply = await ask('SET', `k${key}`, 'x'.repeat(1_000))
    if (reply !== 'OK') return Number(await ask('DBSIZE'))
  }
}

async function memcached(...args: readonly string[]) {
  const server = await startLocalServer({ kind: 'memcached', args })
  closing.push(() => server.stop())
  const { host, port } = server
  const stat = async (name: string) => {
    const probe = await MemcachedProbe.open({ host, port }, 5_000)
    const stats = await probe.stats('')
    probe.close()
    return Number(stats.get(name))
  }
  return { port, url: `memcached://${host}:${port}`, items: () => stat('curr_items'), fillUp: () => fill(host, port) }
}

/** Until all memory is taken. */
async function fill(host: string, port: number): Promise<void> {
  const { openTarget } = await import('../src/targets/open-target.ts')
  const { exchange } = await import('../src/validate/client-endpoint.ts')
  const runtime = createRealRuntime({ seed: 1 })
  const target = await openTarget(`memcached://${host}:${port}`, { runtime, client: 'wire', env: {}, describe: false })
  const client = await target.connect({ deadlineNanos: 5e9, connections: 1, id: 1 })
  const value = 'x'.repeat(1_000)
  for (let from = 0; from < 8_000; from += 500)
    await exchange(
      client,
      Array.from({ length: 500 }, (_, index) => ['set', `k${from + index}`, '0', '0', value] as const),
    )
  await client.close()
  runtime.close()
}

/** Codes of the cache commands that were refused in the last run. */
function cacheErrors(): readonly string[] {
  const { cells } = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as {
    cells: { classes: { errors: Record<string, number>; layer: string }[] }[]
  }
  return cells.flatMap(({ classes }) =>
    classes.filter(({ layer }) => layer === 'cache').flatMap(({ errors }) => Object.keys(errors).filter((code) => code !== KILLED)),
  )
}
