// needs: redis-server, memcached

import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { Asker } from '../src/client/client.contract.ts'
import type { Client } from '../src/client/client.ts'
import { connectIoredis } from '../src/client/ioredis/ioredis-client.ts'
import { connectMemjs } from '../src/client/memjs/memjs-client.ts'
import { MemcachedValues, ReplyError, SimpleString } from '../src/protocol/reply.ts'
import { createRealRuntime } from '../src/runtime/real-runtime.ts'
import { SECOND } from '../src/runtime/runtime.ts'
import { startLocalServer } from '../src/targets/local/local-server.ts'
import { type BinaryAnswer, type BinaryDeed, startBinaryMemcached } from './support/binary-memcached.ts'
import { FakeServer } from './support/fake-server.ts'
import type { Behaviour } from './support/fakes/behaviour.ts'
import { deep } from './support/fakes/behaviours/deep.ts'
import { FakeCache } from './support/fakes/fake-cache.ts'

const runtime = createRealRuntime({ seed: 1 })
const OPTIONS = { deadlineNanos: 5 * SECOND, connections: 1, id: 1 }
const opened: (() => unknown)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})
afterAll(() => runtime.close())

/** A server that applies what matches `counted`, and cuts the first connection on which it does so before it answers. */
async function applyAndCut(counted: RegExp, answer: (applied: number, request: Buffer) => string | Buffer) {
  let applied = 0
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (request) => {
      if (!counted.test(request.toString('latin1'))) return socket.write('+OK\r\n'.repeat(request.toString().split('*').length - 1))
      applied++
      if (applied === 1) socket.destroy()
      else socket.write(answer(applied, request))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  opened.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, applied: () => applied }
}

function asker(client: Client): Asker {
  opened.push(() => client.close())
  return new Asker(client)
}

const ioredis = (port: number, defaults: boolean) =>
  connectIoredis({ host: '127.0.0.1', port, database: 0, login: { words: () => ({}) } }, OPTIONS, runtime, defaults)
const memjs = (port: number, defaults: boolean) => connectMemjs([{ host: '127.0.0.1', port }], OPTIONS, runtime, defaults)

describe('a write whose answer is lost', () => {
  test.each([
    ['ioredis', false, 1],
    ['ioredis:defaults', true, 2],
  ])('%s sends it %s', async (_, defaults, times) => {
    const server = await applyAndCut(/INCR/, (applied) => `:${applied}\r\n`)
    const told = await asker(await ioredis(server.port, defaults)).ask(['INCR', 'n'])
    expect(server.applied()).toBe(times)
    expect(told.facts.attempts).toBe(times)
    // What is said is what happened, and not the library's setting by which it does not send again.
    const closed = { status: 'info', code: 'closed', message: expect.stringMatching(/^the connection to 127\.0\.0\.1:\d+ ended before the answer/) }
    expect(told).toMatchObject(defaults ? { kind: 'reply', reply: 2 } : { kind: 'failed', failure: closed })
  })
})

describe('ioredis', () => {
  test('gives back what the server said, in its own kinds', async () => {
    const server = await startLocalServer({ kind: 'redis' })
    opened.push(() => server.stop())
    const client = asker(await ioredis(server.port, false))
    expect(await client.reply(['SET', 'a', 'OK'])).toBe(SimpleString.ok)
    expect(await client.reply(['GET', 'a'])).toEqual(Buffer.from('OK'))
    expect(await client.reply(['SET', 'a', '1', 'GET'])).toEqual(Buffer.from('OK'))
    expect(await client.reply(['SET', 'a', '2', 'NX'])).toBeNull()
    expect(await client.reply(['PING'])).toEqual(new SimpleString('PONG'))
    expect(await client.reply(['PING', 'x'])).toEqual(Buffer.from('x'))
    expect(await client.reply(['INCR', 'a'])).toBe(2)
    expect(await client.reply(['LPUSH', 'a', 'x'])).toMatchObject({ code: 'WRONGTYPE' })
    expect(await client.reply(['ZADD', 'z', '1.5', 'm'])).toBe(1)
    expect(await client.reply(['ZRANGE', 'z', '0', '-1', 'WITHSCORES'])).toEqual([Buffer.from('m'), Buffer.from('1.5')])
    await client.reply(['HSET', 'h', 'f', 'v'])
    expect(await client.reply(['hgetall', 'h'])).toEqual([Buffer.from('f'), Buffer.from('v')])
    expect(await client.reply(['CONFIG', 'SET', 'maxmemory', '0'])).toBe(SimpleString.ok)
    const { facts } = await client.ask(['GET', 'a'])
    expect(facts).toMatchObject({ bytesOut: '*2\r\n$3\r\nGET\r\n$1\r\na\r\n'.length, bytesIn: '$1\r\n2\r\n'.length })
  })
})

describe('ioredis at a server that nests its answers', () => {
  const answeredBy = async (behaviour: Behaviour) => {
    const cache = await FakeCache.start({ family: 'redis', behaviours: [behaviour] })
    opened.push(() => cache.close())
    return asker(await ioredis(cache.port, false)).ask(['GET', 'a'])
  }
  const PROTOCOL = { kind: 'failed', failure: { status: 'info', code: 'protocol' } }

  test('a hundred thousand deep: the connection is given up, which is no crash', async () => {
    expect(await answeredBy(deep({ commands: ['GET'] }))).toMatchObject(PROTOCOL)
  })

  test('so deep that the library takes it and we would not: an error of that call', async () => {
    const told = await answeredBy(deep({ commands: ['GET'], depth: 500 }))
    expect(told).toMatchObject({ ...PROTOCOL, failure: { message: 'replies are nested deeper than 64' } })
    expect(await answeredBy(deep({ commands: ['GET'], depth: 64 }))).toMatchObject({ kind: 'reply' })
  })
})

describe('memjs', () => {
  test.each<[string, RegExp, readonly (BinaryAnswer | BinaryDeed)[]]>([
    ['a value of 4 GB', /4294967295 bytes is above the limit of 67108864/, [{ status: 0, announcedBytes: 0xffff_ffff }, { endless: true }]],
    ['a value of a little more than is taken', /67110000 bytes is above/, [{ status: 0, announcedBytes: 67_110_000 }]],
    ['a body shorter than what is in it', /a body of 0 bytes can't hold a key and extras of 200/, [{ status: 0, keyBytes: 200 }]],
    ['a counter without its number', /binary protocol of memcached/, [{ status: 0 }]],
    ['words of the text protocol', /an answer begins with 'E'/, [{ bytes: Buffer.from('ERROR\r\n') }]],
  ])('%s ends the connection, and the call knows why', async (what, why, answers) => {
    const server = await startBinaryMemcached(({ nth }) => (nth === 0 ? answers : undefined))
    opened.push(() => server.close())
    const client = asker(await memjs(server.port, false))
    const first = await client.ask(what.startsWith('a counter') ? ['incr', 'k', '1'] : ['get', 'k'])
    expect(first).toMatchObject({ kind: 'failed', failure: { status: 'info', code: 'protocol', message: expect.stringMatching(why) } })
    // A new connection, and nothing of what came on the old one.
    expect(await client.ask(['get', 'k'])).toMatchObject({ kind: 'reply' })
  })

  test('waits for a value as large as our own client takes', async () => {
    const server = await startBinaryMemcached(() => [{ status: 0, announcedBytes: 67_108_864, value: Buffer.alloc(100_000) }])
    opened.push(() => server.close())
    const client = await connectMemjs([server.address], { ...OPTIONS, deadlineNanos: SECOND / 2 }, runtime, false)
    expect(await asker(client).ask(['get', 'k'])).toMatchObject({ kind: 'failed', failure: { status: 'info', code: 'timeout' } })
  })

  test('answers as the text protocol does, refuses what the library can not do', async () => {
    const server = await startLocalServer({ kind: 'memcached' })
    opened.push(() => server.stop())
    const client = asker(await memjs(server.port, false))
    const text = async (...words: string[]) => {
      const reply = await client.reply(words)
      if (reply instanceof MemcachedValues) return reply.items.map(({ value }) => Buffer.from(value).toString()).join()
      return reply instanceof SimpleString || reply instanceof ReplyError ? reply.text : reply
    }
    expect(await text('add', 'k', '0', '60', 'v')).toBe('STORED')
    expect(await text('add', 'k', '0', '60', 'v')).toBe('NOT_STORED')
    expect(await text('replace', 'none', '0', '60', 'v')).toBe('NOT_STORED')
    expect(await text('append', 'k', '0', '0', 'w')).toBe('STORED')
    expect(await text('append', 'none', '0', '0', 'w')).toBe('NOT_STORED')
    expect(await text('get', 'k')).toBe('vw')
    expect(await text('incr', 'none', '1')).toBe('NOT_FOUND')
    expect(await text('get', 'none')).toBe('')
    expect(await text('incr', 'k', '1')).toBe('CLIENT_ERROR cannot increment or decrement non-numeric value')
    expect(await text('set', 'n', '0', '60', '5')).toBe('STORED')
    expect(await text('incr', 'n', '3')).toBe(8)
    expect(await text('decr', 'n', '9')).toBe(0)
    expect(await text('touch', 'k', '60')).toBe('TOUCHED')
    expect(await text('touch', 'none', '60')).toBe('NOT_FOUND')
    expect(await text('set', 'big', '0', '60', 'x'.repeat(2_000_000))).toBe('SERVER_ERROR object too large for cache')
    const gat = await client.ask(['gat', '60', 'k'])
    expect(gat).toMatchObject({ kind: 'reply', facts: { attempts: 2 } })
    expect(await text('gat', '60', 'none')).toBe('')
    expect(await text('delete', 'k')).toBe('DELETED')
    expect(await text('delete', 'k')).toBe('NOT_FOUND')
    for (const refused of [
      ['prepend', 'k', '0', '0', 'v'],
      ['gets', 'k'],
      ['get', 'a', 'b'],
      ['set', 'k', '7', '60', 'v'],
      ['set', 'k', '0', '-1', 'v'],
      ['mg', 'k', 'v'],
    ]) {
      expect(await client.ask(refused)).toMatchObject({ kind: 'failed', failure: { status: 'fail', code: 'client' } })
    }
  })

  test('has a client of the library for each connection, and keeps each lane to one', async () => {
    const server = await FakeServer.start(() => {})
    opened.push(() => server.close())
    const client = await connectMemjs([server.address], { ...OPTIONS, connections: 3 }, runtime, false)
    expect(client.openConnections).toBe(3)
    const lanes = asker(client)
    const told = [0, 1, 2, 3, 4, 5, 4, 4].map((lane) => lanes.ask(['get', `lane${lane}`], lane))
    const asked = () => server.received.map((text) => text.match(/lane\d/g) ?? [])
    while (asked().flat().length < told.length) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(asked().sort()).toEqual([
      ['lane0', 'lane3'],
      ['lane1', 'lane4', 'lane4', 'lane4'],
      ['lane2', 'lane5'],
    ])
    await client.close()
    await Promise.all(told)
  })

  test.each([
    ['memjs', false, 1],
    ['memjs:defaults', true, 2],
  ])('%s tries a command whose connection is refused %s', async (_, defaults, times) => {
    const server = await startLocalServer({ kind: 'memcached' })
    const { port } = server
    await server.stop()
    const told = await asker(await memjs(port, defaults)).ask(['get', 'k'])
    expect(told).toMatchObject({ kind: 'failed', failure: defaults ? { status: 'info' } : { status: 'fail', code: 'refused' } })
    expect(told.facts.attempts).toBe(times)
  })
})
