import { BigNumberReply, DoubleReply, MemcachedValues, MetaReply, NullArray, type Reply, SimpleString } from '../../protocol/reply.ts'
import type { Failure } from '../client.ts'

/**
 * The server answered with a well-formed reply of a kind that does not answer the command. Whoever reads a reply throws
 * it, and whoever sent the command makes an error value of the call of it. Unknown: what the server did nobody can say.
 */
export class UnexpectedReply extends Error {
  readonly failure: Failure

  /** `due`: what would have answered the command, in words: "a number". */
  constructor(due: string, got: Reply) {
    const message = `the server answered ${excerptOf(got)} where ${due} was due`
    super(message)
    this.name = 'UnexpectedReply'
    this.failure = { status: 'info', code: 'unexpected-reply', message }
  }
}

const MOST_SHOWN = 40

/** Short and printable, whatever the server sent. */
function excerptOf(reply: Reply): string {
  if (reply === null || reply instanceof NullArray) return 'null'
  if (typeof reply === 'number' || typeof reply === 'bigint') return `the integer ${reply}`
  if (typeof reply === 'boolean') return `${reply}`
  if (reply instanceof SimpleString) return `the status ${quoted(reply.text)}`
  if (reply instanceof DoubleReply || reply instanceof BigNumberReply) return `the number ${quoted(reply.text)}`
  if (reply instanceof Uint8Array)
    return `a string of ${reply.length} bytes, ${quoted(Buffer.from(reply.subarray(0, MOST_SHOWN + 1)).toString('latin1'))}`
  if (reply instanceof MemcachedValues) return reply.kind === 'values' ? `${reply.items.length} values` : reply.kind
  if (reply instanceof MetaReply) return `the meta answer ${quoted(reply.code)}`
  if (Array.isArray(reply)) return `an array of ${reply.length}`
  return `a ${reply.constructor.name.replace('Reply', '').toLowerCase()}`
}

function quoted(text: string): string {
  const shown = text.slice(0, MOST_SHOWN).replace(/[^\x20-\x7e]/g, '?')
  return `"${shown}${text.length > MOST_SHOWN ? '...' : ''}"`
}
