import type { Engine, EngineSink } from '../../src/engine/engine.ts'
import { ByteWriter } from '../../src/protocol/byte-writer.ts'
import { MemcachedCommandDecoder } from '../../src/protocol/memcached-command-decoder.ts'
import { encodeMemcachedReply } from '../../src/protocol/memcached-reply-encoder.ts'
import type { ByteExchange } from './marked-endpoint.ts'

const SESSION = 1

/** An engine behind our own codec, without a socket: what the reference side of a comparison is. */
export function engineExchange(name: string, create: (sink: EngineSink) => Engine): ByteExchange & { readonly engine: Engine } {
  const out = new ByteWriter()
  let closed = false
  const engine = create({
    reply: (_session, reply) => encodeMemcachedReply(out, reply),
    push: () => {},
    close: () => {
      closed = true
    },
  })
  engine.connect(SESSION)
  const decoder = new MemcachedCommandDecoder({
    command: (command) => engine.feed(SESSION, command),
    refused: (text) => {
      out.latin1(text)
      out.crlf()
    },
    broken: () => {
      closed = true
    },
  })
  return {
    name,
    steady: true,
    engine,
    exchange: async (bytes) => {
      if (closed) throw new Error(`${name} has closed the connection`)
      decoder.feed(bytes)
      return Buffer.from(out.detach())
    },
  }
}
