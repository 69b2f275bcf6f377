import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { ByteWriter, digitsOf } from './byte-writer.ts'
import type { Command } from './command.ts'
import { RESP_COMMAND_LIMITS, RespCommandDecoder } from './resp-command-decoder.ts'
import { encodeRespCommand } from './resp-command-encoder.ts'

/** What came out, in order: commands as arrays of Latin-1 words, the end as its text. */
function decode(bytes: Buffer, cuts: readonly number[] = [], setUp?: (decoder: RespCommandDecoder) => void): (string[] | string)[] {
  const seen: (string[] | string)[] = []
  const decoder = new RespCommandDecoder({
    command: (command) => seen.push(command.map((word) => Buffer.from(word as Uint8Array).toString('latin1'))),
    broken: (text) => seen.push(text),
  })
  setUp?.(decoder)
  let from = 0
  for (const to of [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    const chunk = Buffer.from(bytes.subarray(from, to))
    decoder.feed(chunk)
    chunk.fill(0xee)
    from = to
  }
  return seen
}

const feed = (text: string): (string[] | string)[] => decode(Buffer.from(text, 'latin1'))

const word = fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.string({ unit: 'grapheme', maxLength: 60 }), fc.string({ maxLength: 45 }))
const command: fc.Arbitrary<Command> = fc.array(word, { minLength: 1, maxLength: 6 })
const cuts = fc.array(fc.nat(), { maxLength: 6 })

describe('RESP commands', () => {
  property.prop([fc.array(command, { maxLength: 4 }), cuts], { seed: 1 })('survive the round trip in any chunks', (commands, at) => {
    const out = new ByteWriter(8)
    for (const one of commands) encodeRespCommand(out, one)
    const expected = commands.map((one) => one.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part)).toString('latin1')))
    expect(decode(out.detach(), at)).toEqual(expected)
  })

  it.each([
    ['*0\r\n*-5\r\n\r\n\nPING\r\n', [['PING']]],
    ['*1\r\n:1\r\n', ["ERR Protocol error: expected '$', got ':'"]],
    ['*1\r\n\r\n', ["ERR Protocol error: expected '$', got ' '"]],
    ['*1\r\n\x80\r\n', ["ERR Protocol error: expected '$', got '\x80'"]],
    ['*2147483648\r\n', ['ERR Protocol error: invalid multibulk length']],
    ['*2147483647\r\n', []],
    ['*abc\r\n', ['ERR Protocol error: invalid multibulk length']],
    ['*+1\r\n', ['ERR Protocol error: invalid multibulk length']],
    ['*01\r\n', ['ERR Protocol error: invalid multibulk length']],
    ['*-0\r\n', ['ERR Protocol error: invalid multibulk length']],
    ['*\r\n', ['ERR Protocol error: invalid multibulk length']],
    ['*1\r\n$-1\r\n', ['ERR Protocol error: invalid bulk length']],
    ['*1\r\n$536870913\r\n', ['ERR Protocol error: invalid bulk length']],
    ['*1\r\n$4\rxPING\n\rPING\r\n', [['PING'], ['PING']]],
    ['PING\r\n*1\r\n$-1\r\nPING\r\n', [['PING'], 'ERR Protocol error: invalid bulk length']],
    ['PING "abc\r\n', ['ERR Protocol error: unbalanced quotes in request']],
    ['PING "abc"d\r\n', ['ERR Protocol error: unbalanced quotes in request']],
    ['ECHO "\\x41\\n\\z\\"" \r\n', [['ECHO', 'A\nz"']]],
    ["ECHO 'a\\'b\\n' ''\r\n", [['ECHO', "a'b\\n", '']]],
    ['ECHO\ta\x0b\r\n', [['ECHO', 'a\x0b']]],
    ['PING\r\r\n', [['PING']]],
    ['PING a\0b\r\nPING\r\n', []],
    ['x'.repeat(65_537), ['ERR Protocol error: too big inline request']],
    ['x'.repeat(65_536), []],
    [`*${'1'.repeat(70_000)}`, ['ERR Protocol error: too big mbulk count string']],
    [`*1\r\n$${'1'.repeat(70_000)}`, ['ERR Protocol error: too big bulk count string']],
  ] as [string, (string[] | string)[]][])('reads %j as redis-server does', (text, expected) => {
    expect(feed(text)).toEqual(expected)
  })

  it('takes little from a peer that has not authenticated', () => {
    const restrict = (decoder: RespCommandDecoder): void => {
      decoder.unauthenticated = true
    }
    expect(decode(Buffer.from('*11\r\n'), [], restrict)).toEqual(['ERR Protocol error: unauthenticated multibulk length'])
    expect(decode(Buffer.from('*1\r\n$16385\r\n'), [], restrict)).toEqual(['ERR Protocol error: unauthenticated bulk length'])
  })

  it('stops in the middle of a pipeline', () => {
    const seen: Command[] = []
    const decoder: RespCommandDecoder = new RespCommandDecoder({
      command: (one) => {
        seen.push(one)
        decoder.stop()
      },
      broken: () => expect.fail('not broken'),
    })
    decoder.feed(Buffer.from('QUIT\r\nPING\r\n'))
    decoder.feed(Buffer.from('PING\r\n'))
    expect(seen).toHaveLength(1)
  })

  it('pauses in the middle of a pipeline and goes on where it stood', () => {
    const seen: number[] = []
    const decoder: RespCommandDecoder = new RespCommandDecoder({
      command: (one) => {
        seen.push(one.length)
        decoder.paused = true
      },
      broken: () => expect.fail('not broken'),
    })
    decoder.feed(Buffer.from('PING\r\nPING a\r\nPI'))
    decoder.feed(Buffer.from('NG b c\r\n'))
    expect(seen).toEqual([1])
    for (let i = 0; i < 4; i++) {
      decoder.paused = false
      decoder.feed(Buffer.alloc(0))
    }
    expect(seen).toEqual([1, 2, 3])
  })

  property.prop([fc.array(command, { maxLength: 3 }), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }), cuts], {
    seed: 2,
    numRuns: 500,
  })('mutated frames give the same commands and the same end whatever the chunks', (commands, mutations, at) => {
    const out = new ByteWriter(8)
    for (const one of commands) encodeRespCommand(out, one)
    const whole = out.detach()
    for (const [where, byte] of mutations) if (whole.length > 0) whole[where % whole.length] = byte
    expect(decode(whole, at)).toEqual(decode(whole))
  })

  it('ends with the word that makes a command too large, before it arrives, and counts each command anew', () => {
    const seen: unknown[] = []
    const sink = { command: (one: Command) => seen.push(one.length), broken: (text: string) => seen.push(text) }
    const decoder = new RespCommandDecoder(sink, { ...RESP_COMMAND_LIMITS, maxCommandBytes: 8 })
    const fits = '*2\r\n$4\r\nECHO\r\n$4\r\nabcd\r\n'
    decoder.feed(Buffer.from(`${fits}${fits}*3\r\n$4\r\nMSET\r\n$4\r\nabcd\r\n$1\r\n`))
    expect(seen).toEqual([2, 2, 'ERR Protocol error: a command of more than 8 bytes'])
  })

  it('lets no length claim memory that has not arrived', () => {
    const before = process.memoryUsage().arrayBuffers
    expect(feed(`*2147483647\r\n$${RESP_COMMAND_LIMITS.maxBulkBytes}\r\nabc`)).toEqual([])
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000)
  })

  property.prop([fc.maxSafeInteger()], { seed: 3, numRuns: 1_000 })('integers are written digit by digit', (value) => {
    const out = new ByteWriter(1)
    out.integer(value)
    expect(out.detach().toString()).toBe(String(value))
  })

  it('integers at every power of ten', () => {
    for (let power = 0; power <= 15; power++) {
      for (const value of [10 ** power - 1, 10 ** power, 10 ** power + 1]) {
        const out = new ByteWriter(1)
        out.integer(value)
        expect(out.detach().toString()).toBe(String(value))
        if (value > 0) expect(digitsOf(value)).toBe(String(value).length)
      }
    }
  })
})
