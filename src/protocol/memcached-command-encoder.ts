import { type ByteWriter, wordLength } from './byte-writer.ts'
import type { Command, Word } from './command.ts'
import { ANSWER, type Answer, MEMCACHED_MAX_KEY_BYTES, type MemcachedVerb, memcachedVerb, NOREPLY, verbText } from './memcached-verbs.ts'

/** The command can't be sent as it is without breaking the stream for those behind it. A programmer's or caller's error; nothing was written. */
export class CommandError extends Error {
  readonly code = 'COMMAND'
  constructor(message: string) {
    super(message)
    this.name = 'CommandError'
  }
}

/** What the server will answer, or that it won't. */
export type Expectation = Answer | typeof NO_ANSWER
export const NO_ANSWER = -1

/**
 * A command as memcached text or meta bytes, appended to `out`; returns what to expect. The last word of
 * set/add/replace/append/prepend/cas/ms is the data block, its byte count is put into the line here; `noreply`
 * stands before it: `['set', key, '0', '60', 'noreply', value]`.
 *
 * Throws `CommandError` for what would shift the answers of other commands: words with blanks or control
 * characters, overlong keys, commands that stream or end the connection, quiet meta commands.
 */
export function encodeMemcachedCommand(out: ByteWriter, command: Command): Expectation {
  const name = command[0]
  if (name === undefined) throw new CommandError('a command needs at least one word')
  const text = typeof name === 'string' ? name : verbText(name)
  const verb = memcachedVerb(text)
  const start = out.length
  try {
    if (verb.countAt !== undefined) writeStorage(out, command, text, verb)
    else writeLine(out, command, command.length, -1, 0)
    if (verb.answer === ANSWER.meta) refuseQuiet(command, verb.countAt === undefined ? command.length : command.length - 1)
    else if (REFUSED.has(text)) throw new CommandError(`"${text}" does not fit a pipelined connection`)
  } catch (error) {
    out.length = start
    throw error
  }
  return verb.noreply && isNoreply(command, verb) ? NO_ANSWER : verb.answer
}

/** These stream without end or close the connection. */
const REFUSED: ReadonlySet<string> = new Set(['watch', 'quit', 'shutdown', 'lru_crawler'])

function writeStorage(out: ByteWriter, command: Command, text: string, verb: MemcachedVerb): void {
  // The byte count is a word of the line and the data block is none, so the numbers of words are the same.
  const words = command.length
  if (words < verb.minWords! || words > verb.maxWords!) throw new CommandError(`"${text}" got ${words} words, its data block included`)
  if (wordLength(command[1]!) > MEMCACHED_MAX_KEY_BYTES) throw new CommandError(`the key is longer than ${MEMCACHED_MAX_KEY_BYTES} bytes`)
  // A line the server refuses makes it read the data block as commands.
  for (let i = 2; i < verb.countAt!; i++) if (!isInteger(command[i]!)) throw new CommandError(`word ${i} of "${text}" must be an integer`)
  if (text === 'cas' && !isInteger(command[4]!)) throw new CommandError('the cas unique of "cas" must be an integer')
  const value = command[words - 1]!
  writeLine(out, command, words - 1, verb.countAt!, wordLength(value))
  out.word(value)
  out.crlf()
}

function writeLine(out: ByteWriter, command: Command, words: number, countAt: number, count: number): void {
  for (let i = 0; i < words; i++) {
    if (i > 0) out.byte(32)
    if (i === countAt) {
      out.integer(count)
      out.byte(32)
    }
    const from = out.length
    out.word(command[i]!)
    if (out.length === from) throw new CommandError(`word ${i} of the command is empty`)
    const { bytes } = out
    for (let at = from; at < out.length; at++) {
      const byte = bytes[at]!
      if (byte <= 32 || byte === 127) throw new CommandError(`word ${i} of the command holds a blank or control character`)
    }
  }
  if (countAt === words) {
    out.byte(32)
    out.integer(count)
  }
  out.crlf()
}

function isInteger(word: Word): boolean {
  const count = word.length
  if (count < 1 || count > 20) return false
  for (let i = 0; i < count; i++) {
    const unit = typeof word === 'string' ? word.charCodeAt(i) : word[i]!
    if ((unit < 48 || unit > 57) && !(i === 0 && unit === 45 && count > 1)) return false
  }
  return true
}

function isNoreply(command: Command, verb: MemcachedVerb): boolean {
  const at = verb.countAt === undefined ? command.length - 1 : command.length - 2
  // Where the word would be the last obligatory one it is that: the data block's neighbour of a short "set" is its exptime.
  if (at < (verb.minWords === undefined ? 1 : verb.minWords - 1)) return false
  const word = command[at]!
  if (word.length !== NOREPLY.length) return false
  return typeof word === 'string' ? word === NOREPLY : Buffer.from(word.buffer, word.byteOffset, word.length).toString('latin1') === NOREPLY
}

/** With `q` the answer may or may not come, and without counting opaques nobody knows whose the next one is. */
function refuseQuiet(command: Command, words: number): void {
  for (let i = 2; i < words; i++) {
    const word = command[i]!
    if (word === 'q' || (typeof word !== 'string' && word.length === 1 && word[0] === 113)) {
      throw new CommandError('quiet meta commands (flag q) have no answer that can be told apart')
    }
  }
}
