import { constants } from 'node:buffer'
import type { Command, Word } from '../../protocol/command.ts'
import { ReplyError } from '../../protocol/reply.ts'

/**
 * Words as the engine needs them. Keys, fields and members are held as "latin1 strings": one character a byte,
 * lossless, a quarter of the memory of a typed array object, compared bytewise by `<`. Values stay bytes.
 */

/** Servers take 512 MiB for any word; a string of JavaScript ends 24 characters before. Values are bytes and have no such limit. */
const TOO_LONG_FOR_TEXT = new ReplyError(
  `ERR the reference engine takes words of more than ${constants.MAX_STRING_LENGTH} bytes as values only, not as keys, fields, members or options`,
)

const latin1Slice = Buffer.prototype.latin1Slice as (this: Uint8Array, start: number, end: number) => string

export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false
  return true
}

/** One character a byte. */
export function latin1Of(word: Word): string {
  if (typeof word === 'string') return isAscii(word) ? word : Buffer.from(word, 'utf8').toString('latin1')
  const length = word.length
  // The native call costs about 60 ns; short words are cheaper by hand.
  if (length > 24) {
    if (length > constants.MAX_STRING_LENGTH) throw TOO_LONG_FOR_TEXT
    return latin1Slice.call(word, 0, length)
  }
  let text = ''
  for (let i = 0; i < length; i++) text += String.fromCharCode(word[i]!)
  return text
}

/** To be called before anything is changed, with the words of which some may turn out no text halfway: every `step`th from there. */
export function requireTexts(command: Command, from: number, step: number): void {
  for (let i = from; i < command.length; i += step) if (command[i]!.length > constants.MAX_STRING_LENGTH) throw TOO_LONG_FOR_TEXT
}

/** The word's bytes, without a copy where it has some: for reading only. */
export function bytesOf(word: Word): Uint8Array {
  return typeof word === 'string' ? Buffer.from(word, 'utf8') : word
}

/** Bytes that the engine may keep: callers reuse their buffers, and a slice would hold a whole network chunk alive. */
export function ownBytes(word: Word): Uint8Array {
  return typeof word === 'string' ? new Uint8Array(Buffer.from(word, 'utf8')) : new Uint8Array(word)
}

/** Plain bytes, never a Buffer: those share pooled memory, and their `slice` is a view. */
export function bytesOfLatin1(text: string): Uint8Array {
  const { length } = text
  if (length > 64) return new Uint8Array(Buffer.from(text, 'latin1'))
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}

export function wordLength(word: Word): number {
  return typeof word === 'string' ? (isAscii(word) ? word.length : Buffer.byteLength(word, 'utf8')) : word.length
}

/** Upper case of ASCII letters only, as strcasecmp does in the C locale. */
export function upperOf(word: Word): string {
  const text = latin1Of(word)
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if ((code >= 97 && code <= 122) || code > 127) return text.replace(/[a-z]+/g, (run) => run.toUpperCase())
  }
  return text
}

/** Whether the word is this name, given in lower case, in whatever case. */
export function isNamed(word: Word, name: string): boolean {
  return word.length === name.length && latin1Of(word).toLowerCase() === name
}

/** What error texts show of a word: up to its first NUL, at most `limit` bytes. */
export function shownOf(word: Word, limit: number): string {
  const text = latin1Of(typeof word === 'string' ? word : word.subarray(0, limit))
  const nul = text.indexOf('\0')
  return (nul < 0 ? text : text.slice(0, nul)).slice(0, limit)
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** A command that outlives the call it came with. */
export function keptCommand(command: Command): Command {
  return command.map((word) => (typeof word === 'string' ? word : new Uint8Array(word)))
}
