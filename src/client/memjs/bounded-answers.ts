import type { MemjsServer } from 'memjs'
import { hostPort } from '../../network/address.ts'
import { MEMCACHED_REPLY_LIMITS } from '../../protocol/memcached-reply-decoder.ts'
import { ProtocolError, showByte } from '../../protocol/protocol-error.ts'

/** Of every answer of the binary protocol (protocol_binary.h of memcached). */
const RESPONSE = 0x81
const HEADER_BYTES = 24
const LARGEST_KEY_AND_EXTRAS = 512
const LARGEST_BODY_BYTES = MEMCACHED_REPLY_LIMITS.maxValueBytes + LARGEST_KEY_AND_EXTRAS
const NOTHING = Buffer.alloc(0)

/**
 * memjs keeps whatever comes until it makes an answer: of a body of 4 GB, and for ever where the header makes no sense, and what
 * is no answer at all it hands to whoever waits. What no server may send ends the connection, with an error of every call under
 * way there.
 */
export function boundAnswers(server: MemjsServer): void {
  const take = server.responseHandler
  server.responseHandler = (chunk) => {
    let problem = problemOf(server.responseBuffer.length === 0 ? chunk : server.responseBuffer)
    if (problem === undefined) {
      try {
        take.call(server, chunk)
        // Whole answers have left it by now: what is there is the head of one.
        problem = problemOf(server.responseBuffer)
      } catch (error) {
        // It reads the number of a counter from wherever that should be. Nobody else could catch this.
        problem = (error as Error).message
      }
    }
    if (problem === undefined) return
    server.responseBuffer = NOTHING
    server.error(new ProtocolError(`${hostPort(server.host, server.port)} answered what is no binary protocol of memcached: ${problem}`))
  }
}

function problemOf(answer: Buffer): string | undefined {
  if (answer.length > 0 && answer[0] !== RESPONSE) return `an answer begins with ${showByte(answer[0]!)}`
  if (answer.length < HEADER_BYTES) return undefined
  const bodyBytes = answer.readUInt32BE(8)
  if (bodyBytes > LARGEST_BODY_BYTES) return `a value of ${bodyBytes} bytes is above the limit of ${MEMCACHED_REPLY_LIMITS.maxValueBytes}`
  const keyBytes = answer.readUInt16BE(2) + answer[4]!
  return keyBytes > bodyBytes ? `a body of ${bodyBytes} bytes can't hold a key and extras of ${keyBytes}` : undefined
}
