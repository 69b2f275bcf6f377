import type { Command, Word } from '../../src/protocol/command.ts'
import { memcachedVerb } from '../../src/protocol/memcached-verbs.ts'
import type { Endpoint } from '../property.ts'

/**
 * An endpoint that can be sent anything, also what is malformed or asks for silence: behind every command goes `mn`,
 * whose `MN` says where the answer to the command ends. Each reply is then the raw bytes of the answer: none, one
 * or several frames. (`mn` also makes memcached write out what it holds: an item in an unwritten reply of `mg` is
 * not changed in place by a `decr` behind it.)
 */
export interface MarkedEndpoint extends Endpoint {
  readonly marked: true
  /** Nothing happens on it but what it is sent: a difference need not be seen twice. */
  readonly steady: boolean
  execute(commands: readonly Command[]): Promise<readonly Uint8Array[]>
}

export interface ByteExchange {
  readonly name: string
  readonly steady: boolean
  /** Sends bytes and resolves with what came back once it holds as many markers as asked for. Rejects on end or timeout. */
  exchange(bytes: Buffer, markers: number): Promise<Buffer>
}

export function isMarked(endpoint: Endpoint): endpoint is MarkedEndpoint {
  return (endpoint as Partial<MarkedEndpoint>).marked === true
}

export function isSteady(endpoint: Endpoint): boolean {
  return (endpoint as Partial<MarkedEndpoint>).steady === true
}

const MARKER = Buffer.from('mn\r\n')
/** A marker's answer, at the start of a line. No generated value holds it. */
export const MARK = Buffer.from('MN\r\n')

export function markedEndpoint(link: ByteExchange): MarkedEndpoint {
  return {
    name: link.name,
    protocol: 2,
    marked: true,
    steady: link.steady,
    execute: async (commands) => {
      const out: Buffer[] = []
      for (const command of commands) out.push(rawCommand(command), MARKER)
      return splitAtMarks(await link.exchange(Buffer.concat(out), commands.length), commands.length)
    },
  }
}

/** A command as its bytes, however wrong it is: the byte count stands where the verb has it, or at the end. */
export function rawCommand(command: Command): Buffer {
  const verb = memcachedVerb(textOf(command[0] ?? ''))
  if (verb.countAt === undefined) return Buffer.concat([...joined(command), CRLF])
  const value = bufferOf(command[command.length - 1] ?? '')
  const line: Word[] = command.slice(0, -1)
  line.splice(Math.min(verb.countAt, line.length), 0, String(value.length))
  return Buffer.concat([...joined(line), CRLF, value, CRLF])
}

/** How many marks there are at starts of lines. */
export function countMarks(bytes: Buffer): number {
  let count = 0
  for (let at = nextMark(bytes, 0); at >= 0; at = nextMark(bytes, at + MARK.length)) count++
  return count
}

function splitAtMarks(bytes: Buffer, count: number): Buffer[] {
  const parts: Buffer[] = []
  let from = 0
  while (parts.length < count) {
    const at = nextMark(bytes, from)
    if (at < 0) throw new Error(`${parts.length} of ${count} commands were answered`)
    parts.push(bytes.subarray(from, at))
    from = at + MARK.length
  }
  return parts
}

function nextMark(bytes: Buffer, from: number): number {
  let at = bytes.indexOf(MARK, from)
  while (at > 0 && bytes[at - 1] !== 10) at = bytes.indexOf(MARK, at + 1)
  return at
}

const CRLF = Buffer.from('\r\n')
const BLANK = Buffer.from(' ')

function joined(words: readonly Word[]): Buffer[] {
  return words.flatMap((word, i) => (i === 0 ? [bufferOf(word)] : [BLANK, bufferOf(word)]))
}

function bufferOf(word: Word): Buffer {
  return typeof word === 'string' ? Buffer.from(word, 'utf8') : Buffer.from(word)
}

function textOf(word: Word): string {
  return bufferOf(word).toString('latin1')
}
