import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { delegate } from '../../test/support/delegate.ts'
import { TinyEngine } from '../../test/support/tiny-engine.ts'
import type { EngineSink } from '../engine/engine.ts'
import { createMemcachedEngine } from '../engine/memcached/memcached-engine.ts'
import { findMemcachedProfile } from '../engine/memcached/profiles.ts'
import { MemcachedValues } from '../protocol/reply.ts'
import { createRealRuntime } from '../runtime/real-runtime.ts'
import { EngineServer, type EngineServerOptions } from './engine-server.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

interface Started {
  readonly server: EngineServer
  readonly engine: TinyEngine
  readonly port: number
}

async function serve(family: 'redis' | 'memcached' = 'redis', more: Partial<EngineServerOptions> = {}): Promise<Started> {
  const runtime = createRealRuntime({ seed: 1 })
  const server = new EngineServer({ runtime, createEngine: (options) => new TinyEngine(options, family), ...more })
  const { port } = await server.start()
  cleanUps.push(
    () => runtime.close(),
    () => server.kill(),
  )
  return { server, engine: server.engine as TinyEngine, port }
}

class Peer {
  readonly socket: Socket
  text = ''
  closed = false
  #wake: () => void = () => {}

  constructor(port: number) {
    this.socket = connect({ host: '127.0.0.1', port })
    this.socket.on('data', (chunk) => {
      this.text += chunk.toString('latin1')
      this.#wake()
    })
    this.socket.on('error', () => {})
    this.socket.on('close', () => {
      this.closed = true
      this.#wake()
    })
    cleanUps.push(() => this.socket.destroy())
  }

  send(text: string): this {
    this.socket.write(text, 'latin1')
    return this
  }

  async until(done: (peer: Peer) => boolean): Promise<string> {
    while (!done(this)) {
      if (this.closed) throw new Error(`closed after ${JSON.stringify(this.text)}`)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return this.text
  }

  said(text: string): Promise<string> {
    return this.until((peer) => peer.text.length >= text.length)
  }

  over(): Promise<string> {
    return this.until((peer) => peer.closed)
  }
}

describe('engine server', () => {
  it('answers a pipeline in order, in whatever pieces it comes', async () => {
    const { port } = await serve()
    const peer = new Peer(port)
    for (const byte of '*3\r\n$3\r\nSET\r\n$1\r\na\r\n$2\r\nhi\r\nGET a\r\nGET b\r\nINCR n\r\nPING\r\n') peer.send(byte)
    const expected = '+OK\r\n$2\r\nhi\r\n$-1\r\n:1\r\n+PONG\r\n'
    expect(await peer.said(expected)).toBe(expected)
  })

  it('carries out what a chunk asks for at the time the chunk came', async () => {
    let now = 0
    const runtime = createRealRuntime({ seed: 1 })
    cleanUps.push(() => runtime.close())
    const { port, engine } = await serve('redis', { runtime: delegate(runtime, { now: () => now }) })
    const times: number[] = []
    const { advance, feed } = engine
    let reached = 0
    engine.advance = (to) => {
      reached = to
      advance.call(engine, to)
    }
    engine.feed = (session, command) => {
      times.push(reached)
      feed.call(engine, session, command)
    }
    const peer = new Peer(port)
    for (now of [5, 1_000, 1_000, 70_000]) {
      peer.text = ''
      await peer.send('PING\r\nPING\r\n').said('+PONG\r\n+PONG\r\n')
    }
    expect(times).toEqual([5, 5, 1_000, 1_000, 1_000, 1_000, 70_000, 70_000])
  })

  it('speaks RESP3 to the session that asked for it', async () => {
    const { port } = await serve()
    const [two, three] = [new Peer(port), new Peer(port)]
    expect(await three.send('HELLO 3\r\nGET x\r\n').said('%1\r\n$5\r\nproto\r\n:3\r\n_\r\n')).toBe('%1\r\n$5\r\nproto\r\n:3\r\n_\r\n')
    expect(await two.send('GET x\r\n').said('$-1\r\n')).toBe('$-1\r\n')
  })

  it('answers what precedes a protocol error, then says what is wrong, then closes', async () => {
    const { port, engine } = await serve()
    const peer = new Peer(port).send('PING\r\n*1\r\n$-1\r\nPING\r\n')
    expect(await peer.over()).toBe('+PONG\r\n-ERR Protocol error: invalid bulk length\r\n')
    expect(engine.fed).toHaveLength(1)
    expect(engine.sessions.size).toBe(0)
  })

  it('closes when the engine closes, after the last answer', async () => {
    const { port } = await serve()
    expect(await new Peer(port).send('PING\r\nQUIT\r\nPING\r\n').over()).toBe('+PONG\r\n+OK\r\n')
  })

  it('answers whole what was asked before the peer ended its side', async () => {
    const { port, engine } = await serve()
    const peer = new Peer(port).send('BIG 30000000\r\n')
    peer.socket.end()
    expect(await peer.over()).toHaveLength(30_000_013)
    expect(engine.sessions.size).toBe(0)
  })

  it('takes no more connections than it may', async () => {
    const { port, server } = await serve('redis', { limits: { maxConnections: 2 } })
    const [one, two] = [new Peer(port), new Peer(port)]
    await one.send('PING\r\n').said('+PONG\r\n')
    await two.send('PING\r\n').said('+PONG\r\n')
    expect(await new Peer(port).over()).toBe('')
    expect(server.connections).toBe(2)
    one.socket.destroy()
    for (let round = 2; server.connections > 1; round++) await two.send('PING\r\n').said('+PONG\r\n'.repeat(round))
    await new Peer(port).send('PING\r\n').said('+PONG\r\n')
  })

  it('says why it can not listen, by the code of the system', async () => {
    const { port } = await serve()
    const second = new EngineServer({ runtime: createRealRuntime({ seed: 1 }), createEngine: (options) => new TinyEngine(options) })
    await expect(second.start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  it('tells the engine when a peer goes', async () => {
    const { port, engine, server } = await serve()
    const [gone, witness] = [new Peer(port), new Peer(port)]
    await gone.send('PING\r\n').said('+PONG\r\n')
    await witness.send('PING\r\n').said('+PONG\r\n')
    expect(engine.sessions.size).toBe(2)
    gone.socket.destroy()
    for (let round = 2; engine.sessions.size > 1; round++) await witness.send('PING\r\n').said('+PONG\r\n'.repeat(round))
    expect(server.connections).toBe(1)
  })

  it('delivers what the engine says later and to others', async () => {
    const { port } = await serve()
    const [one, other] = [new Peer(port), new Peer(port)]
    await other.send('PING\r\n').said('+PONG\r\n')
    expect(await one.send('BLOCK 20000000\r\n').said('+UNBLOCKED\r\n')).toBe('+UNBLOCKED\r\n')
    one.send('SHOUT hey\r\n')
    expect(await other.said('+PONG\r\n*1\r\n$3\r\nhey\r\n')).toBe('+PONG\r\n*1\r\n$3\r\nhey\r\n')
  })

  it('is dead when killed and empty when it comes back on its port', async () => {
    const { port, server, engine } = await serve()
    const peer = new Peer(port).send('SET a 1\r\n')
    await peer.said('+OK\r\n')
    await server.kill()
    await server.kill()
    await peer.over()
    await new Peer(port).over()
    expect((await server.start({ port })).port).toBe(port)
    expect(engine.restarts).toBe(1)
    expect(await new Peer(port).send('GET a\r\n').said('$-1\r\n')).toBe('$-1\r\n')
  })

  it('does not read on while a slow reader owes it room', async () => {
    const { port, engine } = await serve('redis', { limits: { pauseAboveBytes: 100_000 } })
    const peer = new Peer(port)
    peer.socket.pause()
    peer.send('BIG 500000\r\n'.repeat(100))
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(engine.fed.length).toBeLessThan(60)
    peer.socket.resume()
    await peer.until((one) => one.text.length >= 100 * 500_011)
    expect(engine.fed).toHaveLength(100)
  })

  it('an answer that cannot be encoded is an error of its session, told once', async () => {
    let sink: EngineSink | undefined
    const told: unknown[] = []
    const { port } = await serve('redis', {
      createEngine: (options) => {
        sink = options.sink
        return new TinyEngine(options)
      },
      onInternalError: (thrown) => told.push((thrown as Error).message),
    })
    const peer = new Peer(port)
    await peer.send('PING\r\n').said('+PONG\r\n')
    sink!.reply(1, [1, new MemcachedValues([])])
    const expected = '+PONG\r\n-ERR internal error: the answer could not be encoded\r\n+PONG\r\n'
    expect(await peer.send('PING\r\n').said(expected)).toBe(expected)
    expect(told).toEqual(['encodeRespReply: a memcached reply has no RESP form'])
  })

  it('keeps an answer that was asked for, however much of it waits', async () => {
    const { port } = await serve('redis', { limits: { cutAboveBytes: 1_000_000 } })
    const peer = new Peer(port)
    peer.socket.pause()
    peer.send('BIG 50000000\r\n')
    await new Promise((resolve) => setTimeout(resolve, 50))
    peer.socket.resume()
    await peer.until((one) => one.text.length >= 50_000_013)
  })

  it('cuts a peer that lets pushes pile up', async () => {
    const { port, server } = await serve('redis', { limits: { cutAboveBytes: 1_000_000 } })
    const [deaf, loud] = [new Peer(port), new Peer(port)]
    await deaf.send('PING\r\n').said('+PONG\r\n')
    deaf.socket.pause()
    const shout = `*2\r\n$5\r\nSHOUT\r\n$100000\r\n${'x'.repeat(100_000)}\r\n`
    while (server.connections > 1 || loud.text === '') {
      const before = loud.text.length
      loud.send(shout)
      await loud.until((peer) => peer.text.length > before)
    }
    expect(loud.closed).toBe(false)
  })

  it('skips the data block behind an overlong key where that version of memcached does', async () => {
    const request = `set ${'k'.repeat(251)} 0 0 2\r\nvv\r\nversion\r\n`
    for (const version of ['1.6.18', '1.6.45']) {
      const { port } = await serve('memcached', { createEngine: (options) => createMemcachedEngine(findMemcachedProfile(version), options) })
      const expected = `CLIENT_ERROR bad command line format\r\n${version === '1.6.18' ? 'ERROR\r\n' : ''}VERSION ${version}\r\n`
      expect(await new Peer(port).send(request).said(expected)).toBe(expected)
    }
  })

  it('speaks memcached to a memcached engine', async () => {
    const { port } = await serve('memcached')
    const expected = 'STORED\r\nVALUE a 0 2\r\nhi\r\nEND\r\nCLIENT_ERROR bad data chunk\r\nERROR\r\nERROR\r\n'
    expect(
      await new Peer(port).send('set a 0 0 2\r\nhi\r\nset b 0 0 1 noreply\r\nx\r\nget a\r\nset a 0 0 2\r\nhiho\r\nGET a\r\n').said(expected),
    ).toBe(expected)
    expect(await new Peer(port).send('quit\r\nget a\r\n').over()).toBe('')
    expect(await new Peer(port).send('x'.repeat(3_000)).over()).toBe('')
  })
})
