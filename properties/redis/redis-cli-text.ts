import type { Command, Word } from '../../src/protocol/command.ts'
import type { Reply } from '../../src/protocol/reply.ts'
import {
  BigNumberReply,
  DoubleReply,
  MapReply,
  NullArray,
  PushReply,
  ReplyError,
  SetReply,
  SimpleString,
  VerbatimReply,
} from '../../src/protocol/reply.ts'

/** Commands as one types them into redis-cli, and replies as it would show them, but without loss. */

export function quoteCommand(command: Command): string {
  return command.map(quoteWord).join(' ')
}

export function quoteWord(word: Word): string {
  const bytes = typeof word === 'string' ? Buffer.from(word, 'utf8') : word
  const plain = bytes.length > 0 && bytes.every((byte) => byte > 32 && byte < 127 && byte !== 34 && byte !== 39 && byte !== 92)
  return plain ? Buffer.from(bytes).toString('latin1') : quoteBytes(bytes)
}

const ESCAPES: Readonly<Record<number, string>> = { 10: '\\n', 13: '\\r', 9: '\\t', 7: '\\a', 8: '\\b', 34: '\\"', 92: '\\\\' }

function quoteBytes(bytes: Uint8Array): string {
  let text = '"'
  for (const byte of bytes) {
    const short = ESCAPES[byte]
    text += short ?? (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`)
  }
  return `${text}"`
}

/** One line; kinds are told apart. */
export function showReply(reply: Reply): string {
  if (reply === null) return '(nil)'
  if (reply instanceof NullArray) return '(nil array)'
  if (reply instanceof Uint8Array) return quoteBytes(reply)
  if (typeof reply === 'number' || typeof reply === 'bigint') return `(integer) ${reply}`
  if (typeof reply === 'boolean') return `(${reply})`
  if (reply instanceof SimpleString) return quoteBytes(Buffer.from(reply.text, 'latin1')).slice(1, -1)
  if (reply instanceof ReplyError) return `(error) ${quoteBytes(Buffer.from(reply.text, 'latin1')).slice(1, -1)}`
  if (reply instanceof DoubleReply) return `(double) ${reply.text}`
  if (reply instanceof BigNumberReply) return `(big number) ${reply.text}`
  if (reply instanceof VerbatimReply) return `(${reply.format}) ${quoteBytes(reply.bytes)}`
  if (reply instanceof MapReply) return `(map) [${reply.flat.map(showReply).join(', ')}]`
  if (reply instanceof SetReply) return `(set) [${reply.members.map(showReply).join(', ')}]`
  if (reply instanceof PushReply) return `(push) [${reply.items.map(showReply).join(', ')}]`
  return Array.isArray(reply) ? `[${reply.map((item: Reply) => showReply(item)).join(', ')}]` : '(no RESP reply)'
}
