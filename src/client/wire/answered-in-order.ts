import type { Command, Word } from '../../protocol/command.ts'

/**
 * Commands of Redis after which answers no longer come one a command: pushed ones on RESP2, none on RESP3, or none at
 * all (`CLIENT REPLY OFF`). https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-request-response-protocol
 */
const OUT_OF_ORDER: ReadonlySet<string> = new Set([
  'subscribe',
  'psubscribe',
  'ssubscribe',
  'unsubscribe',
  'punsubscribe',
  'sunsubscribe',
  'monitor',
  'sync',
  'psync',
])

/** Whether a command of Redis has exactly one answer, so that answers can be told apart by their order. */
export function isAnsweredInOrder(command: Command): boolean {
  const name = command[0]
  // Nearly all traffic is told by the length and first letter of its name, without making a string.
  if (name === undefined || name.length < 4 || !mayBeOutOfOrder(name)) return true
  const text = lowerCase(name)
  if (text === 'client') return command.length < 2 || lowerCase(command[1]!) !== 'reply'
  return !OUT_OF_ORDER.has(text)
}

/** Why a client does not send it. */
export function notInOrder(command: Command): string {
  return `"${lowerCase(command[0]!).toUpperCase()}" does not fit a connection on which answers are told apart by their order`
}

/** Whether it begins with one of the letters c, m, p, s, u. */
function mayBeOutOfOrder(name: Word): boolean {
  const letter = (typeof name === 'string' ? name.charCodeAt(0) : name[0]!) | 0x20
  return letter === 0x73 || letter === 0x70 || letter === 0x75 || letter === 0x6d || letter === 0x63
}

function lowerCase(word: Word): string {
  const text = typeof word === 'string' ? word : Buffer.from(word.buffer, word.byteOffset, word.length).toString('latin1')
  return text.toLowerCase()
}
