import { ProtocolError } from '../../protocol/protocol-error.ts'
import { BigNumberReply, NullArray, type Reply, ReplyError, SimpleString } from '../../protocol/reply.ts'
import { RESP_REPLY_LIMITS } from '../../protocol/resp-reply-decoder.ts'

/**
 * What ioredis hands out, back as the reply of the server, in the shapes of RESP2 (ioredis flattens RESP3's maps and
 * sets itself). What the library loses can't be brought back: integers beyond 2^53 are rounded, the two kinds of
 * null are one, and the statuses inside an EXEC come as strings.
 *
 * Throws `ProtocolError` where arrays are nested deeper than our own client takes them: whoever walks through them calls
 * himself once a level.
 */
export function fromIoredis(value: unknown, isStatus: boolean, depth = 0): Reply {
  if (value instanceof Uint8Array) {
    if (!isStatus) return value
    return isOk(value) ? SimpleString.ok : new SimpleString(Buffer.from(value.buffer, value.byteOffset, value.length).toString('latin1'))
  }
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value
  if (typeof value === 'string') return new BigNumberReply(value)
  if (Array.isArray(value)) {
    if (depth >= RESP_REPLY_LIMITS.maxDepth) throw new ProtocolError(`replies are nested deeper than ${RESP_REPLY_LIMITS.maxDepth}`)
    return value.map((item) => fromIoredis(item, false, depth + 1))
  }
  if (value instanceof Error) return new ReplyError(value.message)
  return NullArray.value
}

function isOk(bytes: Uint8Array): boolean {
  return bytes.length === 2 && bytes[0] === 79 && bytes[1] === 75
}
