import type { Socket } from 'node:net'
import { ByteWriter } from '../../../src/protocol/byte-writer.ts'
import type { Command } from '../../../src/protocol/command.ts'
import { MemcachedCommandDecoder } from '../../../src/protocol/memcached-command-decoder.ts'
import { encodeMemcachedReply } from '../../../src/protocol/memcached-reply-encoder.ts'
import type { Reply } from '../../../src/protocol/reply.ts'
import { RespCommandDecoder } from '../../../src/protocol/resp-command-decoder.ts'
import { encodeRespReply } from '../../../src/protocol/resp-reply-encoder.ts'
import type { Nanos, Timer } from '../../../src/runtime/runtime.ts'
import type { Departure, Exchange } from './exchange.ts'

export interface FakeConnectionOptions {
  readonly family: 'redis' | 'memcached'
  now(): Nanos
  after(delayNanos: Nanos, fire: () => void): Timer
  /** Until when nothing may leave. */
  heldUntil(): Nanos
  command(connection: FakeConnection, command: Command): void
}

/** One accepted socket of a fake: bytes to commands, and answers out in order when they are due. */
export class FakeConnection {
  readonly index: number
  readonly socket: Socket
  /** Carried out, and not answered by the engine yet. */
  readonly awaiting: Exchange[] = []
  /** Commands of load so far. */
  loads = 0
  protocolVersion: 2 | 3 = 2
  readonly #options: FakeConnectionOptions
  readonly #decoder: RespCommandDecoder | MemcachedCommandDecoder
  readonly #queue: Departure[] = []
  #timer: Timer | undefined
  #silent = false

  constructor(index: number, socket: Socket, options: FakeConnectionOptions) {
    this.index = index
    this.socket = socket
    this.#options = options
    const command = (words: Command) => options.command(this, words)
    const refuse = (text: string) => this.depart([{ dueNanos: options.now(), bytes: Buffer.from(`${text}\r\n`, 'latin1') }])
    const end = () => this.depart([{ dueNanos: options.now(), over: 'end' }])
    this.#decoder =
      options.family === 'memcached'
        ? new MemcachedCommandDecoder({ command, refused: refuse, broken: end })
        : new RespCommandDecoder({
            command,
            broken: (text) => {
              refuse(`-${text}`)
              end()
            },
          })
    socket.on('data', (chunk: Buffer) => {
      // Answers to one piece of input leave in one piece, as from a real server.
      socket.cork()
      this.#decoder.feed(chunk)
      socket.uncork()
    })
    socket.on('close', () => this.#silence())
  }

  encode(reply: Reply): Buffer {
    const out = new ByteWriter(64)
    if (this.#options.family === 'memcached') encodeMemcachedReply(out, reply)
    else encodeRespReply(out, reply, this.protocolVersion)
    return out.detach()
  }

  depart(departures: readonly Departure[]): void {
    if (this.#silent) return
    this.#queue.push(...departures)
    this.#pump()
  }

  #pump(): void {
    if (this.#timer) return
    for (let next = this.#queue[0]; next !== undefined && !this.#silent; next = this.#queue[0]) {
      const due = Math.max(next.dueNanos, this.#options.heldUntil())
      if (due === Number.POSITIVE_INFINITY) return
      const wait = due - this.#options.now()
      if (wait > 0) {
        this.#timer = this.#options.after(wait, () => {
          this.#timer = undefined
          this.#pump()
        })
        return
      }
      this.#queue.shift()
      this.#leave(next)
    }
  }

  #leave(departure: Departure): void {
    if ('bytes' in departure) this.socket.write(departure.bytes)
    else if ('endless' in departure) this.#pour(departure.endless)
    else {
      this.#silence()
      if (departure.over === 'reset') this.socket.resetAndDestroy()
      else this.socket.end()
    }
  }

  #pour(bytes: Buffer): void {
    this.#silence()
    const pour = () => {
      while (!this.socket.destroyed && this.socket.write(bytes)) {}
    }
    this.socket.on('drain', pour)
    // A write in a corked socket waits for the piece of input to be done with.
    setImmediate(pour)
  }

  #silence(): void {
    this.#silent = true
    this.#timer?.cancel()
    this.#timer = undefined
    this.#queue.length = 0
  }
}
