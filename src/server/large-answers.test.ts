import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findRedisProfile } from '../engine/redis/profiles.ts'
import { createRedisEngine } from '../engine/redis/redis-engine.ts'
import { createRealRuntime, type RealRuntime } from '../runtime/real-runtime.ts'
import { EngineServer } from './engine-server.ts'

/** Values as large as they may be, on a real socket: a value of 512 MB is longer than any string of JavaScript. */

const LARGEST = 536_870_912
let runtime: RealRuntime
let server: EngineServer
let port: number

beforeEach(async () => {
  runtime = createRealRuntime({ seed: 1 })
  server = new EngineServer({ runtime, createEngine: (options) => createRedisEngine(findRedisProfile('redis')!, options) })
  port = (await server.start()).port
})
afterEach(async () => {
  await server.kill()
  runtime.close()
})

/** Reads until so many bytes have come or the server closes; keeps the beginning and the end. */
class Reader {
  readonly socket: Socket
  count = 0
  first = ''
  last = ''
  #wanted = 0
  #arrived: () => void = () => {}

  constructor() {
    this.socket = connect({ host: '127.0.0.1', port })
    this.socket.on('error', () => {})
    this.socket.on('data', (chunk) => {
      this.count += chunk.length
      if (this.first.length < 200) this.first += chunk.toString('latin1', 0, 200)
      this.last = (this.last + chunk.toString('latin1', Math.max(0, chunk.length - 100))).slice(-100)
      if (this.count >= this.#wanted) this.#arrived()
    })
    this.socket.on('close', () => this.#arrived())
  }

  async ask(command: string, bytes: number): Promise<number> {
    this.count = 0
    this.first = ''
    this.#wanted = bytes
    const arrived = new Promise<void>((resolve) => {
      this.#arrived = resolve
    })
    this.socket.write(`${command}\r\n`)
    await arrived
    return this.count
  }
}

it('a value of 512 MB arrives whole, and other sessions are answered meanwhile', async () => {
  const one = new Reader()
  await one.ask(`SETRANGE s ${LARGEST - 1} x`, 12)
  expect(one.first).toBe(`:${LARGEST}\r\n`)
  const whole = `$${LARGEST}\r\n`.length + LARGEST + 2
  const other = new Reader()
  const got = one.ask('GET s', whole)
  await other.ask('PING', 7)
  expect(other.first).toBe('+PONG\r\n')
  expect(await got).toBe(whole)
  expect(one.first.startsWith(`$${LARGEST}\r\n\0\0`)).toBe(true)
  expect(one.last.endsWith('\0x\r\n')).toBe(true)
  await one.ask('PING', 7)
  expect(one.first).toBe('+PONG\r\n')
}, 120_000)

it('MGET of nine of them takes no memory of its own, and what is written meanwhile does not show', async () => {
  const one = new Reader()
  await one.ask(`SETRANGE s ${LARGEST - 1} x`, 12)
  const before = process.memoryUsage().arrayBuffers
  one.socket.pause()
  one.socket.write(`MGET ${'s '.repeat(9)}\r\n`)
  const other = new Reader()
  await other.ask(`SETRANGE s ${LARGEST - 2} y`, 12)
  // The one copy is that of a value which is being read: it must not change under the reader.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1.5 * LARGEST)
  one.socket.resume()
  const first = `*9\r\n$${LARGEST}\r\n`.length + LARGEST + 2
  one.count = 0
  await one.ask('', first)
  expect(one.first.startsWith(`*9\r\n$${LARGEST}\r\n\0\0`)).toBe(true)
  one.socket.destroy()
  await other.ask(`GETRANGE s ${LARGEST - 2} -1`, 8)
  expect(other.first).toBe('$2\r\nyx\r\n')
}, 120_000)
