import { connect, type Socket } from 'node:net'
import { ByteWriter } from '../../src/protocol/byte-writer.ts'
import type { Command } from '../../src/protocol/command.ts'
import type { Reply } from '../../src/protocol/reply.ts'
import { PushReply, ReplyError } from '../../src/protocol/reply.ts'
import { encodeRespCommand } from '../../src/protocol/resp-command-encoder.ts'
import { RespReplyDecoder } from '../../src/protocol/resp-reply-decoder.ts'
import type { Endpoint } from '../property.ts'
import { quoteCommand } from './redis-cli-text.ts'

export interface SocketEndpoint extends Endpoint {
  close(): void
}

/** No answer for this long means the connection is lost. */
const SILENCE_MILLIS = 30_000

/**
 * A server as one side of a comparison, by nothing but a socket and our codecs: no client library stands between
 * the bytes and the comparison. Rejects when the server can't be reached or refuses the protocol.
 */
export async function connectEndpoint(host: string, port: number, protocol: 2 | 3, name: string): Promise<SocketEndpoint> {
  const socket = await open(host, port)
  let waiting:
    | {
        commands: readonly Command[]
        missing: number
        replies: Reply[]
        resolve: (replies: readonly Reply[]) => void
        reject: (error: Error) => void
      }
    | undefined
  let dead: Error | undefined
  const fail = (error: Error) => {
    dead ??= error
    waiting?.reject(dead)
    waiting = undefined
    socket.destroy()
  }
  const decoder = new RespReplyDecoder((reply) => {
    if (reply instanceof PushReply || !waiting) return
    waiting.replies.push(reply)
    if (--waiting.missing > 0) return
    waiting.resolve(waiting.replies)
    waiting = undefined
  })
  socket.on('data', (chunk) => {
    try {
      decoder.feed(chunk)
    } catch (error) {
      fail(error as Error)
    }
  })
  socket.on('error', fail)
  socket.on('close', () => fail(new Error(`${name} closed the connection`)))
  socket.on('timeout', () => {
    if (waiting)
      fail(new Error(`${name} did not answer within ${SILENCE_MILLIS / 1000} s: ${quoteCommand(waiting.commands[waiting.replies.length]!)}`))
  })
  const endpoint: SocketEndpoint = {
    name,
    protocol,
    execute(commands) {
      if (dead) return Promise.reject(dead)
      if (commands.length === 0) return Promise.resolve([])
      const out = new ByteWriter()
      for (const command of commands) encodeRespCommand(out, command)
      return new Promise((resolve, reject) => {
        waiting = { commands, missing: commands.length, replies: [], resolve, reject }
        socket.write(out.detach())
      })
    },
    close() {
      dead ??= new Error('closed')
      socket.destroy()
    },
  }
  const [hello] = await endpoint.execute([['HELLO', String(protocol)]])
  if (hello instanceof ReplyError) {
    endpoint.close()
    throw new Error(`${name} refuses RESP${protocol}: ${hello.text}`)
  }
  return endpoint
}

function open(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true })
    socket.setTimeout(SILENCE_MILLIS)
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
  })
}
