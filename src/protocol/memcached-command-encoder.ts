import { type ByteWriter, wordLength } from './byte-writer.ts'
import type { Command, Word } from './command.ts'
import { CommandError } from './command-error.ts'
import { parseInt32, parseUint32, parseUint64 } from './memcached-numbers.ts'
import { ANSWER, type Answer, MEMCACHED_MAX_KEY_BYTES, type MemcachedVerb, memcachedVerb, NOREPLY, verbText } from './memcached-verbs.ts'

/** What the server will answer, or that it won't. */
export type Expectation = Answer | typeof NO_ANSWER
export const NO_ANSWER = -1

/**
 * A command as memcached text or meta bytes, appended to `out`; returns what to expect. The last word of
 * set/add/replace/append/prepend/cas/ms is the data block, its byte count is put into the line here; `noreply`
 * stands before it: `['set', key, '0', '60', 'noreply', value]`.
 *
 * Throws `CommandError` for what would shift the answers of other commands: words with blanks or control
 * characters, overlong keys, numbers that a storage line is refused for (its data block would be read as commands),
 * commands that stream or end the connection, quiet meta commands.
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
    else if (verb.answer !== ANSWER.number && isRefused(text, command, verb)) {
      throw new CommandError(`"${command.slice(0, 3).map(textOf).join(' ')}" does not fit a pipelined connection`)
    }
  } catch (error) {
    out.length = start
    throw error
  }
  return verb.silentWords && isNoreply(command, verb.silentWords, verb.countAt !== undefined) ? NO_ANSWER : verb.answer
}

/** These stream without end or close the connection. */
const REFUSED: ReadonlySet<string> = new Set(['watch', 'quit', 'shutdown', 'lru_crawler'])

/**
 * `stats cachedump` and `stats detail dump` answer in lines of their own, of which nobody knows how many there are. Of
 * what is in no table here, `lru` and `extstore` honour a last word "noreply" and `version` does not: who knows of others?
 */
function isRefused(text: string, command: Command, verb: MemcachedVerb): boolean {
  if (verb.answer === ANSWER.line) {
    return REFUSED.has(text) || (!verb.silentWords && command.length > 1 && textOf(command[command.length - 1]!) === NOREPLY)
  }
  if (text !== 'stats') return false
  const topic = textOf(command[1] ?? '')
  return topic === 'cachedump' || (topic === 'detail' && textOf(command[2] ?? '') === 'dump')
}

function writeStorage(out: ByteWriter, command: Command, text: string, verb: MemcachedVerb): void {
  // The byte count is a word of the line and the data block is none, so the numbers of words are the same.
  const words = command.length
  if (words < verb.minWords! || words > verb.maxWords!) throw new CommandError(`"${text}" got ${words} words, its data block included`)
  if (wordLength(command[1]!) > MEMCACHED_MAX_KEY_BYTES) throw new CommandError(`the key is longer than ${MEMCACHED_MAX_KEY_BYTES} bytes`)
  // A line the server refuses makes it read the data block as commands. `ms` has no numbers: its flags are judged behind the block.
  if (verb.countAt === 4) {
    if (!isNumber(command[2]!, parseUint32)) throw new CommandError(`the flags of "${text}" must be an unsigned integer of 32 bits`)
    if (!isNumber(command[3]!, parseInt32)) throw new CommandError(`the expiry time of "${text}" must be an integer`)
    if (text === 'cas' && !isNumber(command[4]!, parseUint64)) {
      throw new CommandError('the cas unique of "cas" must be an unsigned integer of 64 bits')
    }
  }
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

/** As memcached reads numbers, with all its leniency: what it takes may be sent. */
function isNumber(word: Word, parse: (bytes: Uint8Array) => unknown): boolean {
  const count = word.length
  let plain = count > 0 && count <= 9
  for (let i = 0; plain && i < count; i++) {
    const unit = typeof word === 'string' ? word.charCodeAt(i) : word[i]!
    plain = unit >= 48 && unit <= 57
  }
  return plain || parse(typeof word === 'string' ? Buffer.from(word) : word) !== undefined
}

function isNoreply(command: Command, [fewest, most]: readonly [number, number], carriesData: boolean): boolean {
  const words = command.length
  if (words < fewest || words > most) return false
  const word = command[carriesData ? words - 2 : words - 1]!
  return word.length === NOREPLY.length && textOf(word) === NOREPLY
}

function textOf(word: Word): string {
  return typeof word === 'string' ? word : Buffer.from(word.buffer, word.byteOffset, word.length).toString('latin1')
}

/** With `q` the answer may or may not come, and without counting opaques nobody knows whose the next one is. */
function refuseQuiet(command: Command, words: number): void {
  for (let i = 2; i < words; i++) {
    const word = command[i]!
    // A flag is its first letter, whatever follows.
    if (typeof word === 'string' ? word.startsWith('q') : word[0] === 113) {
      throw new CommandError('quiet meta commands (flag q) have no answer that can be told apart')
    }
  }
}
