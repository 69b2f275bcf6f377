// needs: redis-server, memcached, postgres

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LocalServer, startLocalServer } from '../src/targets/local/local-server.ts'
import { RespProbe } from '../src/targets/probe/resp-probe.ts'
import { CLI, cli, isInPlainWords, startCli } from './support/cli.ts'
import { startPostgres } from './support/postgres-server.ts'

/** At an endpoint of others nothing of ours is left, also where keys can't be listed and where we die. */
const folder = mkdtempSync(join(tmpdir(), 'cacheproof-clean-up-'))
afterAll(() => rmSync(folder, { recursive: true }))

const PROGRAMS = {
  rows: ['pattern: cache-aside', 'with: { write_ratio: 20%, missing: 20% }'],
  sessions: ['pattern: session-store', 'with: { login: 20%, active: 32 }', 'instances: 2'],
  raw: ['pattern: mix', 'with: { get: 50% }'],
} as const

function files(seconds: number, names: readonly (keyof typeof PROGRAMS)[]): readonly string[] {
  return names.map((name) => {
    const file = join(folder, `${name}-${seconds}.yaml`)
    const load = ['baseline: false', 'keys: { count: 300 }', 'load: { open: { rate: 400/s } }', `phases: [ { steady: ${seconds}s } ]`]
    writeFileSync(file, `${[`name: ${name}`, ...PROGRAMS[name], ...load].join('\n')}\n`)
    return file
  })
}

describe('Memcached', () => {
  let servers: readonly LocalServer[]
  const url = () => `memcached://${servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}`
  beforeEach(async () => {
    servers = await Promise.all([startLocalServer({ kind: 'memcached' }), startLocalServer({ kind: 'memcached' })])
  })
  afterEach(() => Promise.all(servers.map((server) => server.stop())))

  it.each(['wire', 'memjs'])('holds nothing after a run through %s', async (client) => {
    const args = [
      'run',
      ...files(1, ['rows', 'sessions', 'raw']),
      '--target',
      url(),
      '--client',
      client,
      '--seed',
      '3',
      '--out',
      join(folder, client),
    ]
    const outcome = await cli(args)
    expect(outcome.code, outcome.all).toBeOneOf([0, 1, 4])
    expect(outcome.all).not.toContain('could not be removed')
    const counts = await Promise.all(servers.map(stats))
    for (const { total_items: total, curr_items: current } of counts) expect([Number(total) > 50, current]).toEqual([true, '0'])
  })

  it('holds nothing soon after a kill -9', async () => {
    const { child, ended } = startCli(['run', ...files(60, ['sessions']), '--target', url(), '--out', join(folder, 'killed')])
    const items = async () => (await Promise.all(servers.map(stats))).reduce((sum, { curr_items }) => sum + Number(curr_items), 0)
    while ((await items()) < 40) await pause(50)
    child.kill('SIGKILL')
    await ended
    while ((await items()) > 0) await pause(50)
  })
})

it('Redis under the rules that the README asks for, which list no keys, holds nothing either', async () => {
  const redis = await startLocalServer({ kind: 'redis' })
  const probe = await RespProbe.open({ host: redis.host, port: redis.port }, 5_000)
  try {
    await probe.call('ACL', 'SETUSER', 'narrow', 'on', '>pw', '~cacheproof:*', '+get', '+getex', '+set', '+del')
    const args = ['run', ...files(1, ['rows', 'sessions', 'raw']), '--target', `redis://narrow:pw@127.0.0.1:${redis.port}`, '--seed', '3']
    const outcome = await cli([...args, '--out', join(folder, 'narrow')])
    expect(outcome.code, outcome.all).toBeOneOf([0, 1, 4])
    expect(outcome.all).not.toContain('could not be removed')
    expect(Number(await probe.call('DBSIZE'))).toBe(0)
    expect(String(await probe.call('INFO', 'commandstats'))).toMatch(/cmdstat_set:calls=\d{2,}/)
  } finally {
    probe.close()
    await redis.stop()
  }
})

describe('what a run makes for itself is gone after it died by', () => {
  it.each(['SIGKILL', 'SIGHUP'] as const)('%s: temporary folders', async (signal) => {
    const scratch = join(folder, `tmp-${signal}`)
    mkdirSync(scratch)
    const args = ['run', ...files(60, ['sessions']), '--target', 'local:redis', '--out', join(folder, signal)]
    const { child, ended } = startCli(args, { env: { TMPDIR: scratch } })
    // The server's and the database's.
    while (readdirSync(scratch).length < 2) await pause(30)
    child.kill(signal)
    await ended
    while (readdirSync(scratch).length > 0) await pause(30)
  })

  it('kill -9: tables in PostgreSQL', async () => {
    const server = await startPostgres()
    const sql = postgres(server.url, { max: 1 })
    const tables = async () => (await sql`select relname from pg_class where relname like 'cacheproof%' and relkind = 'r'`).length
    try {
      const args = ['run', ...files(60, ['rows']), '--target', 'engine:redis', '--database', server.url, '--out', join(folder, 'tables')]
      const { child, ended } = startCli(args)
      while ((await tables()) === 0) await pause(30)
      child.kill('SIGKILL')
      await ended
      while ((await tables()) > 0) await pause(30)
      // Not before the second look of the reaper.
      await pause(1_500)
      expect(await tables()).toBe(0)
    } finally {
      await sql.end()
      await server.close()
    }
  })
})

describe('a bad environment is told in a sentence:', () => {
  it.each([28, 60, 110])('%i file descriptors', (limit) => {
    const args = [
      '-c',
      'ulimit -n "$0"; exec "$@"',
      String(limit),
      process.execPath,
      CLI,
      'run',
      ...files(1, ['sessions']),
      '--target',
      'local:redis',
    ]
    const { status, stdout, stderr } = spawnSync('bash', [...args, '--out', join(folder, `few-${limit}`)], { encoding: 'utf8' })
    expect(stderr).toMatch(/ulimit -n/)
    expect([status, isInPlainWords({ code: status, stdout, stderr, all: stdout + stderr })]).toEqual([2, true])
  })

  it('a temporary folder that is not there', async () => {
    const args = ['run', ...files(1, ['sessions']), '--target', 'local:redis', '--out', join(folder, 'no-tmp')]
    const outcome = await cli(args, { env: { TMPDIR: join(folder, 'nowhere') } })
    expect(outcome.stderr).toMatch(/no temporary folder can be made in .*nowhere: no such file or folder/)
    expect([outcome.code, isInPlainWords(outcome)]).toEqual([3, true])
  })
})

async function stats({ port }: LocalServer): Promise<Record<string, string>> {
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  socket.write('stats\r\n')
  for await (const chunk of socket) {
    heard += String(chunk)
    if (heard.endsWith('END\r\n')) break
  }
  return Object.fromEntries([...heard.matchAll(/^STAT (\S+) (\S+)/gm)].map(([, name, value]) => [name!, value!]))
}
