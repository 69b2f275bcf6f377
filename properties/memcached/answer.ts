import { ByteWriter } from '../../src/protocol/byte-writer.ts'
import { encodeMemcachedReply } from '../../src/protocol/memcached-reply-encoder.ts'
import type { Reply } from '../../src/protocol/reply.ts'

/**
 * An answer made comparable: cas ids become their order of appearance in the sequence, and what depends on when the
 * second ticks (time left, time since the last read) is taken out, to be compared with a tolerance of one second.
 */
export interface Answer {
  readonly text: string
  readonly seconds: readonly number[]
}

/** Time left of an item that is over: memcached prints a negative number as an unsigned one of 32 bits. */
const LONG_OVER = 2 ** 31

const writer = new ByteWriter()

/** The bytes of an answer, one character each. Silence is the empty text. */
export function rawText(reply: Reply): string {
  if (reply instanceof Uint8Array) return Buffer.from(reply).toString('latin1')
  if (reply === null) return ''
  writer.reset()
  encodeMemcachedReply(writer, reply)
  return writer.bytes.toString('latin1', 0, writer.length)
}

/** `seen` is this side's list of cas ids in this sequence; new ones are added. */
export function readAnswer(commandName: string, raw: string, seen: bigint[]): Answer {
  const seconds: number[] = []
  const nameCas = (digits: string) => {
    const id = BigInt(digits)
    let at = seen.indexOf(id)
    if (at < 0) at = seen.push(id) - 1
    return `<cas ${at}>`
  }
  const nameTime = (digits: string) => {
    const value = Number(digits)
    if (value === -1) return '-1'
    if (value >= LONG_OVER) return '<over>'
    seconds.push(value)
    return '<seconds>'
  }
  if (commandName === 'gets' || commandName === 'gats') {
    const text = raw.replace(/^(VALUE \S+ \d+ \d+) (\d+)\r$/gm, (_all, head: string, cas: string) => `${head} ${nameCas(cas)}\r`)
    return { text, seconds }
  }
  if (commandName === 'me') {
    const text = raw
      .replace(/ cas=(\d+)/, (_all, cas: string) => ` cas=${nameCas(cas)}`)
      .replace(/ (exp|la)=(-?\d+)/g, (_all, name: string, value: string) => ` ${name}=${nameTime(value)}`)
    return { text, seconds }
  }
  if (/^m[gsda]$/.test(commandName)) {
    const lineEnd = raw.indexOf('\r\n')
    const line = raw.slice(0, lineEnd).replace(/ ([ctl])(-?\d+)(?= |$)/g, (_all, flag: string, value: string) => {
      return ` ${flag}${flag === 'c' ? nameCas(value) : nameTime(value)}`
    })
    return { text: line + raw.slice(lineEnd), seconds }
  }
  return { text: raw, seconds }
}

export function sameAnswer(a: Answer, b: Answer): boolean {
  if (a.text !== b.text || a.seconds.length !== b.seconds.length) return false
  return a.seconds.every((value, i) => Math.abs(value - b.seconds[i]!) <= 1)
}

/** For people: control bytes as escapes, times put back. */
export function showAnswer(answer: Answer): string {
  let at = 0
  const text = answer.text.replace(/<seconds>/g, () => String(answer.seconds[at++] ?? ''))
  return text === '' ? '(silence)' : showBytes(text)
}

export function showBytes(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\x00-\x1f\x7f-\xff\\]/g, (char) => {
    if (char === '\r') return '\\r'
    if (char === '\n') return '\\n'
    if (char === '\\') return '\\\\'
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
}
