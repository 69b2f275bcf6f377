import { connect, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'

export interface BareLoad {
  readonly port: number
  readonly family: 'redis' | 'memcached'
  /** Evenly spaced, however slow the answers are. */
  readonly ratePerSecond: number
  readonly operations: number
  /** A request takes one that is free; with none, it waits for its turn. */
  readonly connections: number
}

/** What each read of a load took, in nanoseconds, in the order in which they were due. */
export interface BareTimes {
  /** Due -> answered. */
  readonly response: Float64Array
  /** Sent -> answered. */
  readonly service: Float64Array
}

/** Nearer than this nothing but polling hits an instant. */
const POLL_WITHIN_NANOS = 200e3
/**
 * Wakes the event loop so many milliseconds from each message on: nearer to it than a timer of Node's comes, and without
 * polling, which would hear answers sooner than any program that waits for them in the kernel.
 */
const SLEEPER = `
const { parentPort } = require('node:worker_threads')
const cell = new Int32Array(new SharedArrayBuffer(4))
parentPort.on('message', (millis) => { Atomics.wait(cell, 0, 0, millis); parentPort.postMessage(0) })
`
const VALUE = 'v'.repeat(100)

/**
 * The simplest client that can measure a server: bare sockets, one request under way on each, this process's own
 * clock read before a write and in the handler of its answer. Nothing of ours is in it, so that ours can be held
 * against it. It polls for a fraction of a millisecond before each request, and else waits in the kernel, as programs do.
 */
export async function bareLoad(load: BareLoad): Promise<BareTimes> {
  const lines = await Promise.all(Array.from({ length: load.connections }, () => BareLine.open(load.port, load.family)))
  try {
    await lines[0]!.store()
    return await spaced(load, lines)
  } finally {
    for (const line of lines) line.close()
  }
}

function spaced({ ratePerSecond, operations }: BareLoad, lines: readonly BareLine[]): Promise<BareTimes> {
  const response = new Float64Array(operations)
  const service = new Float64Array(operations)
  const free = [...lines]
  const began = process.hrtime.bigint()
  const now = () => Number(process.hrtime.bigint() - began)
  const sleeper = new Worker(SLEEPER, { eval: true, execArgv: [], env: {} })
  let next = 0
  let answered = 0
  return new Promise<BareTimes>((resolve) => {
    const turn = () => {
      for (let due = (next * 1e9) / ratePerSecond; next < operations && due <= now() && free.length > 0; due = (next * 1e9) / ratePerSecond) {
        const index = next++
        const line = free.shift()!
        const sent = now()
        line.read(() => {
          const done = now()
          response[index] = done - due
          service[index] = done - sent
          free.push(line)
          answered++
          if (answered === operations) resolve({ response, service })
        })
      }
      if (next >= operations) return
      const wait = (next * 1e9) / ratePerSecond - now()
      if (wait < POLL_WITHIN_NANOS) setImmediate(turn)
      else sleeper.postMessage((wait - POLL_WITHIN_NANOS) / 1e6)
    }
    sleeper.on('message', turn)
    turn()
  }).finally(() => sleeper.terminate())
}

/** One connection with at most one request under way. */
class BareLine {
  readonly #socket: Socket
  readonly #store: string
  readonly #read: string
  readonly #storedBytes: number
  readonly #readBytes: number
  #missingBytes = 0
  #answered: () => void = () => {}

  private constructor(socket: Socket, family: BareLoad['family']) {
    this.#socket = socket
    const isRedis = family === 'redis'
    this.#store = isRedis ? `SET bare ${VALUE}\r\n` : `set bare 0 0 ${VALUE.length}\r\n${VALUE}\r\n`
    this.#read = isRedis ? '*2\r\n$3\r\nGET\r\n$4\r\nbare\r\n' : 'get bare\r\n'
    this.#storedBytes = isRedis ? 5 : 8
    this.#readBytes = (isRedis ? `$${VALUE.length}\r\n${VALUE}\r\n` : `VALUE bare 0 ${VALUE.length}\r\n${VALUE}\r\nEND\r\n`).length
    socket.on('data', (chunk: Buffer) => {
      this.#missingBytes -= chunk.length
      if (this.#missingBytes === 0) this.#answered()
    })
  }

  static open(port: number, family: BareLoad['family']): Promise<BareLine> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, noDelay: true })
      socket.once('connect', () => resolve(new BareLine(socket, family)))
      socket.on('error', reject)
    })
  }

  store(): Promise<void> {
    return new Promise((resolve) => this.#ask(this.#store, this.#storedBytes, resolve))
  }

  read(answered: () => void): void {
    this.#ask(this.#read, this.#readBytes, answered)
  }

  close(): void {
    this.#socket.destroy()
  }

  #ask(request: string, answerBytes: number, answered: () => void): void {
    this.#missingBytes = answerBytes
    this.#answered = answered
    this.#socket.write(request, 'latin1')
  }
}
