import type { Engine, SessionId } from '../engine/engine.ts'
import type { MemcachedProfile } from '../engine/memcached/profiles.ts'
import type { Connection } from '../network/network.ts'
import type { Command } from '../protocol/command.ts'
import { MEMCACHED_COMMAND_LIMITS, MemcachedCommandDecoder, type MemcachedCommandLimits } from '../protocol/memcached-command-decoder.ts'
import { encodeMemcachedReply } from '../protocol/memcached-reply-encoder.ts'
import { type Reply, ReplyError } from '../protocol/reply.ts'
import { RespCommandDecoder, type RespCommandLimits } from '../protocol/resp-command-decoder.ts'
import { encodeRespReply } from '../protocol/resp-reply-encoder.ts'
import { ReplyOutput } from './reply-output.ts'

export interface ConnectionLimits {
  /** Answers waiting for a slow reader: beyond this, no more of its commands are read. So the answer of one command bounds what waits. */
  readonly pauseAboveBytes: number
  /**
   * Pushes waiting for a slow reader, who did not ask for each of them: beyond this the connection is cut. Answers are
   * not counted, as `client-output-buffer-limit normal 0 0 0` has it.
   */
  readonly cutAboveBytes: number
  readonly resp?: RespCommandLimits
  readonly memcached?: MemcachedCommandLimits
}

/** One accepted connection and its session in the engine. */
export class ServerConnection {
  readonly session: SessionId
  readonly #connection: Connection
  readonly #engine: Engine
  readonly #limits: ConnectionLimits
  readonly #decoder: RespCommandDecoder | MemcachedCommandDecoder
  readonly #memcached: boolean
  readonly #out = new ReplyOutput()
  readonly #failed: (thrown: unknown) => void
  readonly #readOn: () => void
  /** Of what waits, at the most. */
  #pushedBytes = 0
  #ended = false
  #destroyed = false

  /**
   * `failed` is told of an answer that could not be encoded, which is a mistake of ours; `readOn` when what was kept of
   * the last chunk can be carried out: it is to be treated like an empty chunk that comes now.
   */
  constructor(
    session: SessionId,
    connection: Connection,
    engine: Engine,
    limits: ConnectionLimits,
    failed: (thrown: unknown) => void,
    readOn: () => void,
  ) {
    this.session = session
    this.#connection = connection
    this.#failed = failed
    this.#readOn = readOn
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
          { command, refused: (text) => this.reply(new ReplyError(text)), broken: () => this.peerEnded() },
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

  /** An answer of the engine; it goes out with the next `flush`. */
  reply(reply: Reply): void {
    if (this.#ended) return
    this.#out.begin()
    try {
      this.#encode(reply)
    } catch (thrown) {
      this.#out.takeBack()
      this.#encode(new ReplyError(`${this.#memcached ? 'SERVER_ERROR' : 'ERR'} internal error: the answer could not be encoded`))
      this.#failed(thrown)
    }
  }

  /** What the engine says without being asked. */
  push(reply: Reply): void {
    const before = this.#out.waitingBytes
    this.reply(reply)
    this.#pushedBytes += this.#out.waitingBytes - before
  }

  flush(): void {
    if (this.#destroyed) return
    this.#out.flush(this.#connection)
    if (this.#waitingBytes() === 0) this.#pushedBytes = 0
    else if (this.#pushedBytes > this.#limits.cutAboveBytes) this.destroy()
  }

  /** The engine closes: what was answered before still goes out. */
  close(): void {
    if (this.#ended) return
    this.#ended = true
    this.#decoder.stop()
    this.#hangUp()
  }

  /** At once, whatever waits. */
  destroy(): void {
    this.#destroyed = true
    this.#connection.destroy()
  }

  /** There is room for more. */
  drained(): void {
    this.#out.drained()
    this.flush()
    if (this.#ended) {
      if (this.#out.waitingBytes === 0) this.#connection.end()
      return
    }
    if (!this.#decoder.paused || this.#waitingBytes() > this.#limits.pauseAboveBytes) return
    this.#decoder.paused = false
    this.#connection.resume()
    this.#readOn()
  }

  /** The peer says no more: its session is over, what was answered still goes out. */
  peerEnded(): void {
    this.gone()
    this.#hangUp()
  }

  /** The peer has gone. */
  gone(): void {
    if (this.#ended) return
    this.#ended = true
    this.#decoder.stop()
    this.#engine.disconnect(this.session)
  }

  #encode(reply: Reply): void {
    if (this.#memcached) encodeMemcachedReply(this.#out, reply)
    else encodeRespReply(this.#out, reply, this.#engine.protocolVersion(this.session))
  }

  #waitingBytes(): number {
    return this.#out.waitingBytes + this.#connection.unsentBytes
  }

  #pause(): void {
    this.flush()
    if (this.#waitingBytes() <= this.#limits.pauseAboveBytes || this.#ended) return
    this.#decoder.paused = true
    this.#connection.pause()
  }

  /** What waits goes out first. */
  #hangUp(): void {
    this.flush()
    if (this.#out.waitingBytes === 0) this.#connection.end()
    // Whatever the peer still sends is read and dropped, so that closing does not turn into a reset that eats the last answer.
    this.#connection.resume()
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
}

/** What of an engine's version the decoder has to know. */
function memcachedLimits(engine: Engine): MemcachedCommandLimits {
  const { swallowsOverlongKey = false } = engine.profile as Partial<MemcachedProfile>
  return { ...MEMCACHED_COMMAND_LIMITS, swallowOverlongKey: swallowsOverlongKey }
}
