// needs: openssl, redis-server, valkey-server
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, describe, expect, it } from 'vitest'
import { UsageError } from '../src/runtime/usage-error.ts'
import { servedCommandsInWords } from '../src/serve/served-commands.ts'
import { type StartedEngine, startMemcached, startRedis, startValkey } from '../src/serve/start-engine.ts'
import { startLocalServer } from '../src/targets/local/local-server.ts'
import { makeTestCertificates } from './support/certificates.ts'
import { startCli } from './support/cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'cacheproof-serve-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Sends lines and gives what has come by the time that an answer to `last` has. */
function ask(address: { readonly host: string; readonly port: number }, lines: readonly string[], last: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(address)
    let text = ''
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk
      if (text.includes(last)) socket.destroy()
    })
    socket.on('error', reject).on('close', () => resolve(text))
    socket.write(lines.map((line) => `${line}\r\n`).join(''))
  })
}

/** One line after the other, each when the one before was answered: Valkey 8.0.1 drops a WRONGPASS in the middle of a pipeline. */
function converse(address: { readonly host: string; readonly port: number }, lines: readonly string[]): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(address)
    const answers: string[] = []
    socket.setEncoding('latin1').on('data', (answer: string) => {
      answers.push(`${lines[answers.length]}: ${answer}`)
      if (answers.length === lines.length) socket.destroy()
      else socket.write(`${lines[answers.length]}\r\n`)
    })
    socket.on('error', reject).on('close', () => resolve(answers))
    socket.write(`${lines[0]}\r\n`)
  })
}

describe('an engine in one line', () => {
  it('serves a client that knows nothing of it, and is gone when it is stopped', async () => {
    let url = ''
    {
      await using engine = await startRedis()
      url = engine.url
      const client = new Redis(url)
      expect(await client.set('greeting', 'hello')).toBe('OK')
      expect(await client.get('greeting')).toBe('hello')
      await client.quit()
    }
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null })
    client.on('error', () => {})
    await expect(client.connect()).rejects.toThrow()
  })

  it('lets time pass as it is told, at once', async () => {
    await using engine = await startValkey()
    const client = new Redis(engine.url)
    await client.set('session', 'ann', 'EX', 1_800)
    engine.clock.advance('29m')
    expect(await client.ttl('session')).toBe(60)
    engine.clock.advance(61_000)
    expect(await client.get('session')).toBeNull()
    const [seconds] = (await client.call('TIME')) as [string, string]
    expect(Math.abs(Number(seconds) - (Date.now() / 1000 + 1_801))).toBeLessThan(5)
    expect(Math.abs(engine.clock.now().getTime() - Date.now() - 1_801_000)).toBeLessThan(5_000)
    expect(() => engine.clock.advance('soon')).toThrow(UsageError)
    expect(() => engine.clock.advance(-1)).toThrow(UsageError)
    await client.quit()
  })

  it('expires at Memcached, too', async () => {
    await using engine = await startMemcached()
    expect(await ask(engine, ['set k 0 60 1', 'v', 'get k'], 'END')).toBe('STORED\r\nVALUE k 0 1\r\nv\r\nEND\r\n')
    engine.clock.advance('2m')
    expect(await ask(engine, ['get k'], 'END')).toBe('END\r\n')
  })

  it.each<[string, () => Promise<StartedEngine>, string]>([
    ['a Redis', () => startRedis(), 'PING'],
    ['a Redis with a password', () => startRedis({ password: 'secret word' }), 'PING'],
  ])('%s is emptied without losing its connections', async (_, start) => {
    await using engine = await start()
    const client = new Redis(engine.url)
    await client.set('a', '1')
    await client.select(3)
    await client.set('b', '1')
    const id = await client.client('ID')
    engine.reset()
    expect(await client.get('b')).toBeNull()
    await client.select(0)
    expect(await client.dbsize()).toBe(0)
    expect(await client.client('ID')).toBe(id)
    await client.quit()
  })

  it('does not pretend to be empty when a client has changed the password', async () => {
    await using engine = await startRedis()
    const client = new Redis(engine.url)
    await client.set('a', '1')
    await client.config('SET', 'requirepass', 'another')
    expect(() => engine.reset()).toThrow(/NOAUTH/)
    expect(await client.get('a')).toBe('1')
    await client.quit()
  })

  it('lists its commands as the real server does, subcommands included, and none that it has not', async () => {
    await using engine = await startRedis({ profile: 'redis-7.0' })
    const server = await startLocalServer({ kind: 'redis' })
    const [ours, theirs] = [new Redis(engine.url), new Redis(server.port, server.host)]
    try {
      const [served, real] = (await Promise.all([ours.call('COMMAND', 'LIST'), theirs.call('COMMAND', 'LIST')])) as [string[], string[]]
      expect(served.filter((name) => !real.includes(name))).toEqual([])
      expect(served).toContain('client|id')
      expect(servedCommandsInWords(engine.profile)).toBe(`${served.length} of the ${real.length} commands that the real server lists`)
    } finally {
      await Promise.all([ours.quit(), theirs.quit()])
      await server.stop()
    }
  })

  it('speaks TLS, and over a Unix socket', async () => {
    const certificates = makeTestCertificates(folder)
    const tls = { cert: readFileSync(certificates.server.certFile), key: readFileSync(certificates.server.keyFile) }
    await using secure = await startRedis({ tls })
    expect(secure.url).toMatch(/^rediss:/)
    const client = new Redis(secure.url, { tls: { ca: readFileSync(certificates.server.caFile!), servername: 'localhost' } })
    expect(await client.ping()).toBe('PONG')
    await client.quit()

    const path = join(folder, 'redis.sock')
    await using local = await startRedis({ path })
    expect(local.url).toBe(`unix://${path}`)
    const near = new Redis(path)
    expect(await near.ping()).toBe('PONG')
    await near.quit()
  })

  it('keeps to its memory and its profile', async () => {
    await using engine = await startRedis({ profile: '7.0', maxMemory: '3mb', policy: 'allkeys-lru' })
    expect(engine.profile).toMatchObject({ engine: 'redis', version: '7.0.15' })
    const client = new Redis(engine.url)
    for (let index = 0; index < 40; index++) await client.set(`k${index}`, 'v'.repeat(100_000))
    expect(await client.dbsize()).toBeLessThan(40)
    await client.quit()
  })

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['memory', () => startRedis({ maxMemory: 'much' }), /"much" is no amount of memory/],
    ['policy', () => startRedis({ policy: 'allkeys-lur' }), /no eviction policy "allkeys-lur"/],
    ['profile', () => startRedis({ profile: '5.0' }), /no profile "5.0"/],
    ['password', () => startRedis({ password: '' }), /the password is empty/],
    ['host', () => startRedis({ host: '192.0.2.1' }), /can't be served at 192\.0\.2\.1:0/],
  ])('tells what is wrong with a %s', async (_, start, words) => {
    await expect(start()).rejects.toThrow(words)
    await expect(start()).rejects.toThrow(UsageError)
  })

  it('tells that a port is taken', async () => {
    await using engine = await startRedis()
    await expect(startRedis({ port: engine.port })).rejects.toThrow(/can't be served at 127\.0\.0\.1:\d+: .*EADDRINUSE/)
  })
})

describe('a password', () => {
  const DIALOGUE = [
    'PING',
    'HELLO 3',
    'HELLO 2 AUTH default no',
    'FOO',
    'GET',
    'MULTI',
    'AUTH no',
    'AUTH other secret',
    'AUTH a b c',
    'AUTH secret',
    'PING',
    'MULTI',
    'RESET',
    'PING',
    'HELLO 2 SETNAME me AUTH default secret',
    'CLIENT GETNAME',
    'CONFIG GET requirepass',
  ]

  it.each(['redis', 'valkey'] as const)('is asked for as %s does', async (kind) => {
    const server = await startLocalServer({ kind })
    try {
      await ask(server, ['CONFIG SET requirepass secret'], '+OK')
      await using engine = await (kind === 'redis' ? startRedis : startValkey)({ profile: server.version, password: 'secret' })
      // What HELLO tells of the server, its version and the number of the client, is another matter.
      const comparable = (texts: readonly string[]) => texts.map((text) => text.replace(/\*14\r\n.*modules\r\n\*0\r\n/s, '(HELLO)'))
      const [ours, theirs] = [await converse(engine, DIALOGUE), await converse(server, DIALOGUE)]
      expect(comparable(ours)).toEqual(comparable(theirs))
    } finally {
      await server.stop()
    }
  })
})

describe('cacheproof serve', () => {
  it('says what it serves and not the password, and ends with Ctrl-C', async () => {
    const { child, ended } = startCli(['serve', 'redis', '--port', '0', '--requirepass', 'hunter2', '--profile', 'redis-7.0'])
    const url = await new Promise<string>((resolve) => {
      let text = ''
      child.stdout!.on('data', (chunk: string) => {
        text += chunk
        const found = /redis:\/\/127\.0\.0\.1:\d+/.exec(text)
        if (found && text.includes('Ctrl-C')) resolve(found[0])
      })
    })
    const client = new Redis(url, { password: 'hunter2' })
    expect(await client.set('k', 'v')).toBe('OK')
    await client.quit()
    child.kill('SIGINT')
    const { code, all } = await ended
    expect(code).toBe(0)
    expect(all).toContain('of the 366 commands that the real server lists')
    expect(all).not.toContain('hunter2')
  })

  it.each([
    [['serve', 'radis'], 'did you mean redis?'],
    [['serve', 'memcached', '--requirepass', 'x'], 'memcached has none'],
    [['serve', 'redis', '--tls-cert-file', 'x.pem'], '--tls-key-file'],
    [['serve', 'redis', '--tls-cert-file', 'package.json', '--tls-key-file', 'package.json'], '--tls-cert-file package.json is not a PEM file'],
    [['serve', 'redis', '--tls-cert-file', '/nowhere.pem', '--tls-key-file', '/nowhere.pem'], "--tls-cert-file /nowhere.pem can't be read"],
  ])('%j is a mistake of the user', async (args, words) => {
    const { code, all } = await startCli(args).ended
    expect(code).toBe(2)
    expect(all).toContain(words)
  })
})
