// needs: redis-server, valkey-server, memcached, openssl

import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { ServerKind } from '../src/targets/local/find-program.ts'
import { freePort } from '../src/targets/local/free-port.ts'
import { type LocalServer, type LocalServerOptions, startLocalServer } from '../src/targets/local/local-server.ts'
import { processStart } from '../src/targets/local/process-identity.ts'
import { MemcachedProbe } from '../src/targets/probe/memcached-probe.ts'
import { RespProbe } from '../src/targets/probe/resp-probe.ts'
import { makeTestCertificates } from './support/certificates.ts'

const servers: LocalServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()))
})

async function start(options: LocalServerOptions): Promise<LocalServer> {
  const server = await startLocalServer(options)
  servers.push(server)
  return server
}

async function redis(server: LocalServer, ...words: string[]) {
  const probe = await RespProbe.open({ host: server.host, port: server.port }, 5_000)
  try {
    return await probe.call(...words)
  } finally {
    probe.close()
  }
}

describe.each<ServerKind>(['redis', 'valkey', 'memcached'])('a local %s', (kind) => {
  test('answers, is the process that it says, and listens on the loopback only', async () => {
    const server = await start({ kind })
    expect(server.version).toMatch(/^\d+\.\d+\.\d+$/)
    expect(processStart(server.pid!)).toBeDefined()
    expect(existsSync(server.folder)).toBe(true)
    expect(server.port).toBeGreaterThan(1024)
  })

  test('is gone after kill and back on the same port after start', async () => {
    const server = await start({ kind })
    const { port, pid } = server
    await server.kill()
    expect(server.pid).toBeUndefined()
    expect(processStart(pid!)).toBeUndefined()
    await expect(canConnect(port)).resolves.toBe(false)
    await server.kill()
    await server.start()
    await server.start()
    expect(server.port).toBe(port)
    expect(server.pid).not.toBe(pid)
    await expect(canConnect(port)).resolves.toBe(true)
  })

  test('stop removes the folder, twice does no harm, and it does not start again', async () => {
    const server = await start({ kind })
    const { pid } = server
    await server.stop()
    await server.stop()
    expect(existsSync(server.folder)).toBe(false)
    expect(processStart(pid!)).toBeUndefined()
    await expect(server.start()).rejects.toThrow(/stopped for good/)
  })
})

describe('what survives a kill', () => {
  test.each([
    { persistence: 'none', expected: null },
    { persistence: 'aof-always', expected: 'value' },
  ] as const)('$persistence: $expected', async ({ persistence, expected }) => {
    const server = await start({ kind: 'redis', persistence })
    await redis(server, 'SET', 'key', 'value')
    await server.kill()
    await server.start()
    expect(await redis(server, 'GET', 'key')).toBe(expected)
  })
})

test('arguments of the caller win', async () => {
  const valkey = await start({ kind: 'valkey', args: ['--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lfu'] })
  expect(await redis(valkey, 'CONFIG', 'GET', 'maxmemory')).toEqual(['maxmemory', String(64 * 1024 * 1024)])
  const memcached = await start({ kind: 'memcached', args: ['-m', '32'] })
  const probe = await MemcachedProbe.open({ host: memcached.host, port: memcached.port }, 5_000)
  const settings = await probe.stats('settings')
  probe.close()
  expect(settings.get('maxbytes')).toBe(String(32 * 1024 * 1024))
})

test('a server that wants a password is still found to be up', async () => {
  const server = await start({ kind: 'redis', args: ['--requirepass', 'secret'] })
  expect(server.version).toMatch(/^7\./)
  expect(await redis(server, 'PING')).toMatchObject({ text: expect.stringMatching(/^NOAUTH/) })
})

test.each<ServerKind>(['redis', 'memcached'])('%s with TLS', async (kind) => {
  const folder = join(tmpdir(), `cacheproof-test-${process.pid}-${kind}`)
  mkdirSync(folder)
  try {
    const certificates = makeTestCertificates(folder)
    const server = await start({ kind, tls: certificates.server })
    expect(server.version).toMatch(/^\d/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('bad arguments: the server says what is wrong, nothing is left', async () => {
  await expect(startLocalServer({ kind: 'redis', args: ['--no-such-setting', '1'] })).rejects.toMatchObject({
    code: 'TARGET_UNUSABLE',
    message: expect.stringMatching(/no-such-setting/),
  })
})

test('a server that is not on PATH: the package is named', async () => {
  await expect(startLocalServer({ kind: 'valkey', env: { PATH: '/nowhere' } })).rejects.toMatchObject({
    code: 'TARGET_MISSING_SERVER',
    hint: expect.stringMatching(/apt-get install valkey-server.*engine:valkey/),
  })
})

test('a free port is one that can be listened on', async () => {
  const port = await freePort()
  await new Promise<void>((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()))
  })
})

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
