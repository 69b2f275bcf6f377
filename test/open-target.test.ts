// needs: redis-server, valkey-server, memcached, openssl

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Asker } from '../src/client/client.contract.ts'
import { TargetError } from '../src/client/target-error.ts'
import type { MemcachedValues } from '../src/protocol/reply.ts'
import { createRealRuntime } from '../src/runtime/real-runtime.ts'
import { SECOND } from '../src/runtime/runtime.ts'
import { UsageError } from '../src/runtime/usage-error.ts'
import { createVirtualRuntime } from '../src/runtime/virtual-runtime.ts'
import { freePort } from '../src/targets/local/free-port.ts'
import { type LocalServer, startLocalServer } from '../src/targets/local/local-server.ts'
import { openTarget } from '../src/targets/open-target.ts'
import { RespProbe } from '../src/targets/probe/resp-probe.ts'
import { openServedEngine } from '../src/targets/served-engine-target.ts'
import type { OpenTargetOptions, Target } from '../src/targets/target.ts'
import { makeTestCertificates, type TestCertificates } from './support/certificates.ts'

const runtime = createRealRuntime({ seed: 1 })
const folder = mkdtempSync(join(tmpdir(), 'open-target-test-'))
const CLIENT = { deadlineNanos: 5 * SECOND, connections: 1, id: 1 }
let certificates: TestCertificates
let plain: LocalServer
let secured: LocalServer
let encrypted: LocalServer
let mutual: LocalServer
let memcached: LocalServer

beforeAll(async () => {
  mkdirSync(join(folder, 'tls'))
  certificates = makeTestCertificates(join(folder, 'tls'))
  const servers = await Promise.all([
    startLocalServer({ kind: 'redis' }),
    startLocalServer({ kind: 'valkey', args: ['--requirepass', 'hunter2'] }),
    startLocalServer({ kind: 'valkey', tls: certificates.server }),
    startLocalServer({ kind: 'redis', tls: { ...certificates.server, verifyClients: true } }),
    startLocalServer({ kind: 'memcached' }),
  ])
  ;[plain, secured, encrypted, mutual, memcached] = servers as [LocalServer, LocalServer, LocalServer, LocalServer, LocalServer]
})
afterAll(async () => {
  await Promise.all([plain, secured, encrypted, mutual, memcached].map((server) => server.stop()))
  rmSync(folder, { recursive: true })
  runtime.close()
})

function open(url: string, options: Partial<OpenTargetOptions> = {}): Promise<Target> {
  return openTarget(url, { runtime, client: 'wire', env: process.env, ...options })
}

async function works(target: Target): Promise<void> {
  const client = await target.connect(CLIENT)
  const asker = new Asker(client)
  try {
    if (target.family === 'redis') {
      await asker.reply(['SET', 'cp:test', 'value', 'PX', '60000'])
      expect(Buffer.from((await asker.reply(['GET', 'cp:test'])) as Uint8Array).toString()).toBe('value')
      await asker.reply(['DEL', 'cp:test'])
    } else {
      await asker.reply(['set', 'cp:test', '0', '60', 'value'])
      expect(Buffer.from(((await asker.reply(['get', 'cp:test'])) as MemcachedValues).items[0]!.value).toString()).toBe('value')
      await asker.reply(['delete', 'cp:test'])
    }
  } finally {
    await client.close()
    await target.close()
  }
}

async function refusal(url: string, options: Partial<OpenTargetOptions> = {}): Promise<TargetError> {
  try {
    await (await open(url, options)).close()
  } catch (error) {
    if (error instanceof TargetError) {
      expect(`${error.message} ${error.hint}`).not.toMatch(/hunter|s3cret/)
      return error
    }
    throw error
  }
  throw new Error(`${url} was opened`)
}

describe('targets that work', () => {
  test.each(['wire', 'ioredis', 'ioredis:defaults'])('redis:// by %s', async (client) => {
    const target = await open(`redis://127.0.0.1:${plain.port}/2`, { client })
    expect(target.description).toMatchObject({
      engine: 'redis',
      version: plain.version,
      label: `redis://127.0.0.1:${plain.port}/2`,
      topology: 'single node',
      ours: false,
      tls: false,
      evidence: 'observed',
      settings: { maxmemory: 'no limit', 'maxmemory-policy': 'noeviction', role: 'primary', persistence: 'no append-only file' },
    })
    expect(target.description.roundTripNanos).toBeGreaterThan(0)
    expect(target.control).toBeUndefined()
    await works(target)
  })

  test.each(['wire', 'ioredis'])('a password from the URL or the environment, by %s', async (client) => {
    const target = await open(`valkey://:hunter2@127.0.0.1:${secured.port}`, { client })
    expect(target.description).toMatchObject({ engine: 'valkey', version: secured.version })
    expect(JSON.stringify(target.description)).not.toMatch(/hunter/)
    await works(target)
    await works(await open(`valkey://127.0.0.1:${secured.port}`, { client, env: { CACHEPROOF_PASSWORD: 'hunter2' } }))
  })

  test.each(['wire', 'ioredis'])('TLS with a private authority, and without checking, by %s', async (client) => {
    const { caFile } = certificates.server
    const target = await open(`valkeys://127.0.0.1:${encrypted.port}?ca=${caFile}`, { client })
    expect(target.description).toMatchObject({ engine: 'valkey', tls: true })
    await works(target)
    await works(await open(`valkeys://localhost:${encrypted.port}?ca=${caFile}&sni=localhost`, { client }))
    await works(await open(`rediss://127.0.0.1:${encrypted.port}?insecure`, { client }))
  })

  test.each(['wire', 'ioredis'])('TLS with a client certificate, by %s', async (client) => {
    const { caFile } = certificates.server
    const { certFile, keyFile } = certificates.client
    await works(await open(`rediss://127.0.0.1:${mutual.port}?ca=${caFile}&cert=${certFile}&key=${keyFile}`, { client }))
  })

  test.each(['wire', 'memjs', 'memjs:defaults'])('memcached:// by %s', async (client) => {
    const target = await open(`memcached://127.0.0.1:${memcached.port}`, { client })
    expect(target.description).toMatchObject({
      engine: 'memcached',
      version: memcached.version,
      topology: 'single node',
      settings: { 'memory limit (-m)': '64 MiB' },
    })
    await works(target)
  })

  test('a ring of memcached nodes', async () => {
    const second = await startLocalServer({ kind: 'memcached' })
    try {
      const target = await open(`memcached://127.0.0.1:${memcached.port},127.0.0.1:${second.port}`)
      expect(target.description.topology).toBe('2 independent nodes')
      await works(target)
    } finally {
      await second.stop()
    }
  })

  test('keys of a claimed prefix are deleted on demand, others are not', async () => {
    const target = await open(`redis://127.0.0.1:${plain.port}`)
    const release = target.claimPrefix!('cp:claimed:')
    const client = await target.connect(CLIENT)
    const asker = new Asker(client)
    for (let index = 0; index < 1_200; index++) void asker.ask(['SET', `cp:claimed:${index}`, '1', 'PX', '60000'])
    await asker.reply(['SET', 'cp:claimed', 'mine', 'PX', '60000'])
    await release()
    await release()
    expect(await asker.reply(['DBSIZE'])).toBe(1)
    await asker.reply(['DEL', 'cp:claimed'])
    await client.close()
  })

  test.each([
    ['local:redis?maxmemory=64mb&policy=allkeys-lru&persistence=aof', { maxmemory: '64 MiB', 'maxmemory-policy': 'allkeys-lru', persistence: 'aof' }],
    ['local:valkey', { persistence: 'none' }],
    ['local:memcached?maxmemory=32mb&threads=2', { 'memory limit (-m)': '32 MiB', 'threads (-t)': '2' }],
  ])('%s: is ours, can be killed and started, and is reached by others', async (url, settings) => {
    const target = await open(url)
    expect(target.description).toMatchObject({ label: url, ours: true, evidence: 'observed', settings })
    await control(target, 'kill')
    expect(target.control?.pid()).toBeUndefined()
    await control(target, 'start')
    expect(target.control?.pid()).toBeGreaterThan(0)
    await works(await open(target.connectUrl!, { describe: false }))
    await works(target)
  })

  test.each(['engine:redis', 'engine:valkey?profile=8.1', 'engine:memcached?maxmemory=8mb'])('%s', async (url) => {
    const target = await open(url)
    expect(target.description).toMatchObject({ label: url, ours: true, evidence: 'modelled', topology: 'embedded' })
    expect(target.description.networkModel).toMatch(/median 150 us/)
    await works(target)
  })

  test.each(['engine:redis', 'engine:memcached'])('%s behind a socket', async (url) => {
    const target = await openServedEngine(url, { runtime, client: 'wire', env: {} })
    await works(await open(target.connectUrl!, { describe: false }))
    await control(target, 'kill')
    await control(target, 'kill')
    await control(target, 'start')
    await control(target, 'start')
    await works(target)
  })
})

describe('why a target can not be used, and what to try', () => {
  test('nobody listens', async () => {
    for (const scheme of ['redis', 'memcached', 'rediss']) {
      const error = await refusal(`${scheme}://127.0.0.1:${await freePort()}`)
      expect(error).toMatchObject({ code: 'TARGET_UNREACHABLE', message: expect.stringMatching(/refused/), hint: expect.stringMatching(/port/) })
    }
  })

  test('a host name that does not exist', async () => {
    const error = await refusal('redis://no-such-host.invalid:6379')
    expect(error).toMatchObject({ code: 'TARGET_UNREACHABLE', message: expect.stringMatching(/no-such-host\.invalid can't be resolved/) })
  })

  test.each([
    [':s3cret', /refuses this user name or password/],
    ['nobody:s3cret', /refuses this user name or password/],
    ['', /wants a password/],
  ])('wrong or no password (%s)', async (user, message) => {
    const error = await refusal(`valkey://${user}${user && '@'}127.0.0.1:${secured.port}`)
    expect(error).toMatchObject({ code: 'TARGET_AUTH', message: expect.stringMatching(message) })
  })

  test('a password where there is none', async () => {
    expect(await refusal(`redis://:s3cret@127.0.0.1:${plain.port}`)).toMatchObject({
      code: 'TARGET_AUTH',
      hint: expect.stringMatching(/Leave the password out/),
    })
  })

  test('TLS to a plain port, plain to a TLS port', async () => {
    expect(await refusal(`rediss://127.0.0.1:${plain.port}`)).toMatchObject({ code: 'TARGET_TLS', hint: `Try redis://127.0.0.1:${plain.port}` })
    expect(await refusal(`valkey://127.0.0.1:${encrypted.port}`)).toMatchObject({
      code: 'TARGET_TLS',
      message: expect.stringMatching(/wants TLS/),
      hint: `Try valkeys://127.0.0.1:${encrypted.port}`,
    })
    expect(await refusal(`redis://127.0.0.1:${mutual.port}`)).toMatchObject({ code: 'TARGET_TLS', message: expect.stringMatching(/wants TLS/) })
  })

  test('certificates that are not trusted, for another host, or missing', async () => {
    const { caFile } = certificates.server
    expect(await refusal(`rediss://127.0.0.1:${encrypted.port}`)).toMatchObject({ code: 'TARGET_TLS', hint: expect.stringMatching(/\?ca=FILE/) })
    expect(await refusal(`rediss://127.0.0.1:${encrypted.port}?ca=${certificates.otherCaFile}`)).toMatchObject({ code: 'TARGET_TLS' })
    expect(await refusal(`rediss://127.0.0.1:${encrypted.port}?ca=${caFile}&sni=other.example`)).toMatchObject({
      code: 'TARGET_TLS',
      message: expect.stringMatching(/another host name/),
    })
    expect(await refusal(`rediss://127.0.0.1:${mutual.port}?ca=${caFile}`)).toMatchObject({
      code: 'TARGET_TLS',
      hint: expect.stringMatching(/cert=FILE/),
    })
    await expect(open(`rediss://127.0.0.1:${encrypted.port}?ca=/no/such/file`)).rejects.toThrow(/\/no\/such\/file can't be read: ENOENT/)
  })

  test('the wrong engine says so', async () => {
    expect(await refusal(`redis://127.0.0.1:${memcached.port}`)).toMatchObject({
      code: 'TARGET_WRONG_ENGINE',
      message: expect.stringMatching(/answers like Memcached/),
      hint: `Try memcached://127.0.0.1:${memcached.port}`,
    })
    expect(await refusal(`memcached://127.0.0.1:${plain.port}`)).toMatchObject({
      code: 'TARGET_WRONG_ENGINE',
      message: expect.stringMatching(/answers like Redis or Valkey/),
      hint: `Try redis://127.0.0.1:${plain.port}`,
    })
    expect(await refusal(`memcached://127.0.0.1:${encrypted.port}`)).toMatchObject({
      code: 'TARGET_WRONG_ENGINE',
      hint: expect.stringMatching(/rediss:/),
    })
  })

  test.each([
    ['an HTTP server', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'TARGET_WRONG_ENGINE', /HTTP server/],
    ['something that hangs up', '', 'TARGET_UNREACHABLE', /does not answer/],
  ])('%s', async (_, answer, code, message) => {
    const server = await listen((socket) => socket.once('data', () => socket.end(answer)))
    try {
      expect(await refusal(`redis://127.0.0.1:${server.port}`)).toMatchObject({ code, message: expect.stringMatching(message) })
    } finally {
      server.close()
    }
  })

  test('a replica names its primary; a database that is not there', async () => {
    const replica = await startLocalServer({ kind: 'redis', args: ['--replicaof', `127.0.0.1 ${plain.port}`] })
    try {
      const error = await refusal(`redis://127.0.0.1:${replica.port}`)
      expect(error).toMatchObject({ code: 'TARGET_READONLY', hint: expect.stringMatching(new RegExp(`127\\.0\\.0\\.1:${plain.port}`)) })
    } finally {
      await replica.stop()
    }
    expect(await refusal(`redis://127.0.0.1:${plain.port}/99`)).toMatchObject({ message: expect.stringMatching(/no such database/) })
  })

  test('a server that is still loading is waited for', async () => {
    let pings = 0
    const server = await listen((socket) =>
      socket.on('data', (request: Buffer) => {
        if (request.includes('PING')) socket.write(++pings < 3 ? '-LOADING Redis is loading the dataset in memory\r\n' : '+PONG\r\n')
        else socket.write('$19\r\nredis_version:7.0.0\r\n')
      }),
    )
    try {
      const target = await open(`redis://127.0.0.1:${server.port}`)
      expect(target.description.version).toBe('7.0.0')
      expect(pings).toBeGreaterThan(3)
    } finally {
      server.close()
    }
  })

  test.each([
    ['-DENIED Redis is running in protected mode because ...', 'TARGET_AUTH', /protected mode/],
    ['-ERR max number of clients reached', 'TARGET_UNUSABLE', /no connection left/],
    ['-ERR something else', 'TARGET_UNUSABLE', /something else/],
  ])('%s', async (line, code, message) => {
    const server = await listen((socket) => socket.once('data', () => socket.end(`${line}\r\n`)))
    try {
      expect(await refusal(`redis://127.0.0.1:${server.port}`)).toMatchObject({ code, message: expect.stringMatching(message) })
    } finally {
      server.close()
    }
  })

  test('memory that is full is noted', async () => {
    const full = await startLocalServer({ kind: 'redis', args: ['--maxmemory', '1mb'] })
    try {
      const probe = await RespProbe.open({ host: full.host, port: full.port }, 5_000)
      for (let index = 0; index < 400; index++) await probe.call('SET', `k${index}`, 'x'.repeat(1_000))
      probe.close()
      const target = await open(`redis://127.0.0.1:${full.port}`)
      expect(target.description.settings['memory']).toMatch(/^full: .*writes will be refused/)
    } finally {
      await full.stop()
    }
  })
})

describe('what makes no sense', () => {
  test.each([
    ['redis://h', 'memjs', /memjs speaks to Memcached/, /wire or --client ioredis/],
    ['memcached://h', 'ioredis', /ioredis speaks to Redis and Valkey/, /wire or --client memjs/],
    ['rediss://h', 'memjs:defaults', /memjs speaks to Memcached without TLS/, /ioredis/],
    ['engine:redis', 'ioredis', /runs in-process/, /local:redis/],
    ['redis://h', 'ioredi', /no client "ioredi"/, /Did you mean ioredis/],
    ['engine:redis?profile=6.2', 'wire', /no profile "6.2"/, /redis-7.0.15/],
  ])('%s by %s', async (url, client, message, hint) => {
    const error = await open(url, { client }).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(UsageError)
    expect(error).toMatchObject({ message: expect.stringMatching(message), hint: expect.stringMatching(hint) })
  })

  test('real servers on virtual time', async () => {
    await expect(open('local:redis', { runtime: createVirtualRuntime({ seed: 1 }) })).rejects.toThrow(/virtual time/)
  })
})

function control(target: Target, what: 'kill' | 'start'): Promise<void> {
  return new Promise((resolve, reject) => target.control![what]((error) => (error === undefined ? resolve() : reject(error))))
}

async function listen(onSocket: Parameters<typeof createServer>[1] & object): Promise<{ port: number; close(): void }> {
  const server: Server = createServer(onSocket as never)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return { port: typeof address === 'object' && address !== null ? address.port : 0, close: () => server.close() }
}
