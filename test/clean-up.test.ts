// needs: redis-server, memcached

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LocalServer, startLocalServer } from '../src/target/local/local-server.ts'
import { RespProbe } from '../src/target/probe/resp-probe.ts'
import { cli, startCli } from './support/cli.ts'

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
