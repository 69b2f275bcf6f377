import type { Word } from '../../protocol/command.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** The bytes of a word; those of a `Uint8Array` are not copied. Keys are short and mostly ASCII: a call out of JavaScript costs more. */
export function bytesOf(word: Word): Uint8Array {
  if (typeof word !== 'string') return word
  const bytes = new Uint8Array(word.length)
  for (let i = 0; i < bytes.length; i++) {
    const code = word.charCodeAt(i)
    if (code > 0x7f) return encoder.encode(word)
    bytes[i] = code
  }
  return bytes
}

/** A word as text, for command names, flags and messages. */
export function textOf(word: Word): string {
  if (typeof word === 'string') return word
  let text = ''
  for (let i = 0; i < word.length; i++) {
    const byte = word[i]!
    if (byte > 0x7f) return decoder.decode(word)
    text += String.fromCharCode(byte)
  }
  return text
}

/** Whether a word is this ASCII text. */
export function isText(word: Word | undefined, text: string): boolean {
  if (word === undefined || word.length !== text.length) return false
  if (typeof word === 'string') return word === text
  for (let i = 0; i < text.length; i++) if (word[i] !== text.charCodeAt(i)) return false
  return true
}

/** Bytes of an ASCII text. */
export function ascii(text: string): Uint8Array {
  return encoder.encode(text)
}
