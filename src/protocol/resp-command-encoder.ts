import { type ByteWriter, digitsOf, LONGEST_LOOPED_TEXT, wordLength } from './byte-writer.ts'
import type { Command, Word } from './command.ts'

const CR = 13
const LF = 10
const ARRAY = 42
const BULK = 36
/** Of a header: type, digits, CR LF; and CR LF behind the word. */
const FRAME_BYTES = 24
/** Copying a longer word in one call is quicker than a loop over its bytes: 100 of them take 18 ns and not 44 to 114 (bench/protocol.bench.ts). */
const LONGEST_LOOPED_BYTES = 32

/**
 * A command as a RESP array of bulk strings, appended to `out`. Data plane: no allocation, room is made once, and a
 * short word, which is nearly always ASCII, is counted and copied in one pass (bench/protocol.bench.ts).
 * https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
export function encodeRespCommand(out: ByteWriter, command: Command): void {
  let room = FRAME_BYTES
  for (let i = 0; i < command.length; i++) room += FRAME_BYTES + mostBytes(command[i]!)
  out.reserve(room)
  const { bytes } = out
  let at = header(bytes, out.length, ARRAY, command.length)
  for (let i = 0; i < command.length; i++) {
    const word = command[i]!
    at = shortText(bytes, at, word) || anyWord(bytes, at, word)
    bytes[at++] = CR
    bytes[at++] = LF
  }
  out.length = at
}

/** The place behind it; 0 when it is none. */
function shortText(bytes: Buffer, from: number, word: Word): number {
  if (typeof word !== 'string' || word.length > LONGEST_LOOPED_TEXT) return 0
  const count = word.length
  const at = header(bytes, from, BULK, count)
  for (let i = 0; i < count; i++) {
    const unit = word.charCodeAt(i)
    if (unit > 0x7f) return 0
    bytes[at + i] = unit
  }
  return at + count
}

function anyWord(bytes: Buffer, from: number, word: Word): number {
  const count = wordLength(word)
  const at = header(bytes, from, BULK, count)
  if (typeof word === 'string') bytes.write(word, at, 'utf8')
  else if (count <= LONGEST_LOOPED_BYTES) for (let i = 0; i < count; i++) bytes[at + i] = word[i]!
  else bytes.set(word, at)
  return at + count
}

/** UTF-8 takes at most three bytes for a unit of UTF-16. */
function mostBytes(word: Word): number {
  return typeof word === 'string' ? word.length * 3 : word.length
}

function header(bytes: Buffer, from: number, type: number, count: number): number {
  bytes[from] = type
  const end = from + 1 + (count < 10 ? 1 : digitsOf(count))
  let rest = count >>> 0
  for (let at = end - 1; at > from; at--) {
    const quotient = (rest / 10) >>> 0
    bytes[at] = 48 + (rest - quotient * 10)
    rest = quotient
  }
  bytes[end] = CR
  bytes[end + 1] = LF
  return end + 2
}
