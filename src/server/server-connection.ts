import type { Socket } from 'node:net'
import type { Engine, SessionId } from '../engine/engine.ts'
import type { MemcachedProfile } from '../engine/memcached/profiles.ts'
import type { Command } from '../protocol/command.ts'
import { MEMCACHED_COMMAND_LIMITS, MemcachedCommandDecoder, type MemcachedCommandLimits } from '../protocol/memcached-command-decoder.ts'
import { encodeMemcachedReply } from '../protocol/memcached-reply-encoder.ts'
import { type Reply, ReplyError } from '../protocol/reply.ts'
import { RespCommandDecoder, type RespCommandLimits } from '../protocol/resp-command-decoder.ts'
import { encodeRespReply } from '../protocol/resp-reply-encoder.ts'
import { BatchedOutput } from './batched-output.ts'

export interface ConnectionLimits {
  /** Answers waiting for a slow reader: beyond this, no more of its commands are read. */
  readonly pauseAboveBytes: number
  /** Beyond this the connection is cut: pushes come without being asked for. */
  readonly cutAboveBytes: number
  readonly resp?: RespCommandLimits
  readonly memcached?: MemcachedCommandLimits
}

/** One accepted socket and its session in the engine. */
export class ServerConnection {
  readonly session: SessionId
  readonly socket: Socket
  readonly #engine: Engine
  readonly #limits: ConnectionLimits
  readonly #decoder: RespCommandDecoder | MemcachedCommandDecoder
  readonly #memcached: boolean
  readonly #out = new BatchedOutput()
  #ended = false

  constructor(session: SessionId, socket: Socket, engine: Engine, limits: ConnectionLimits) {
    this.session = session
    this.socket = socket
    this.#engine = engine
    this.#limits = limits
    this.#memcached = engine.profile.engine === 'memcached'
    const command = (words: Command): void => {
      engine.feed(session, words)
      // Bound what one chunk of small requests for large values may pile up.
      if (this.#waitingBytes() > limits.pauseAboveBytes) this.#pause()
    }
    this.#decoder = this.#memcached
      ? new MemcachedCommandDecoder(
          { command, refused: (text) => this.reply(new ReplyError(text)), broken: () => this.#drop() },
          limits.memcached ?? memcachedLimits(engine),
        )
      : new RespCommandDecoder({ command, broken: (text) => this.#broken(text) }, limits.resp)
  }

  /** Whether the session has ended, by whichever side. */
  get ended(): boolean {
    return this.#ended
  }

  /** Bytes from the peer. The caller has moved the engine's time and flushes afterwards. */
  receive(chunk: Buffer): void {
    if (!this.#ended) this.#decoder.feed(chunk)
  }

  /** An answer or a push from the engine; it goes out with the next `flush`. */
  reply(reply: Reply): void {
    if (this.#ended) return
    if (this.#memcached) encodeMemcachedReply(this.#out, reply)
    else encodeRespReply(this.#out, reply, this.#engine.protocolVersion(this.session))
  }

  flush(): void {
    if (this.#out.length > 0 && !this.socket.destroyed) this.#out.flush(this.socket)
    if (this.socket.writableLength > this.#limits.cutAboveBytes) this.socket.destroy()
  }

  /** The engine closes: what was answered before still goes out. */
  close(): void {
    if (this.#ended) return
    this.#ended = true
    this.#decoder.stop()
    this.flush()
    this.socket.end()
    // Whatever the peer still sends is read and dropped, so that closing does not turn into a reset that eats the last answer.
    this.socket.resume()
  }

  /** The peer has gone. */
  gone(): void {
    if (this.#ended) return
    this.#ended = true
    this.#decoder.stop()
    this.#engine.disconnect(this.session)
  }

  #waitingBytes(): number {
    return this.#out.length + this.socket.writableLength
  }

  #pause(): void {
    this.flush()
    if (this.socket.writableLength <= this.#limits.pauseAboveBytes || this.#ended) return
    this.#decoder.paused = true
    this.socket.pause()
    this.socket.once('drain', () => {
      this.#decoder.paused = false
      this.socket.resume()
      // What was kept is treated like a chunk that comes now.
      this.socket.emit('data', EMPTY)
    })
  }

  #broken(text: string): void {
    if (this.#engine.feedError) {
      this.#engine.feedError(this.session, text)
      return
    }
    this.reply(new ReplyError(text))
    this.#engine.disconnect(this.session)
    this.close()
  }

  #drop(): void {
    this.gone()
    this.flush()
    this.socket.end()
    this.socket.resume()
  }
}

/** What of an engine's version the decoder has to know. */
function memcachedLimits(engine: Engine): MemcachedCommandLimits {
  const { swallowsOverlongKey = false } = engine.profile as Partial<MemcachedProfile>
  return { ...MEMCACHED_COMMAND_LIMITS, swallowOverlongKey: swallowsOverlongKey }
}

const EMPTY = Buffer.alloc(0)
