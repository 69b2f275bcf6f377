import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { ByteWriter } from './byte-writer.ts'
import type { Command } from './command.ts'
import { CommandError } from './command-error.ts'
import { MEMCACHED_COMMAND_LIMITS, MemcachedCommandDecoder } from './memcached-command-decoder.ts'
import { encodeMemcachedCommand, NO_ANSWER } from './memcached-command-encoder.ts'
import { ANSWER } from './memcached-verbs.ts'

function decode(bytes: Buffer, cuts: readonly number[] = [], limits = MEMCACHED_COMMAND_LIMITS): (string[] | string)[] {
  const seen: (string[] | string)[] = []
  const decoder = new MemcachedCommandDecoder(
    {
      command: (command) => seen.push(command.map((word) => Buffer.from(word as Uint8Array).toString('latin1'))),
      refused: (text) => seen.push(text),
      broken: () => seen.push('closed'),
    },
    limits,
  )
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
const encode = (command: Command): string => {
  const out = new ByteWriter(8)
  encodeMemcachedCommand(out, command)
  return out.detach().toString('latin1')
}

const key = fc.stringMatching(/^[!-~]{1,60}$/)
const value = fc.uint8Array({ maxLength: 80 })
const number = fc.nat().map(String)
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.tuple(fc.constantFrom('set', 'add', 'replace', 'append', 'prepend'), key, number, number, value),
  fc.tuple(fc.constant('set'), key, number, number, fc.constant('noreply'), value),
  fc.tuple(fc.constant('cas'), key, number, number, number, value),
  fc.tuple(fc.constant('ms'), key, fc.constantFrom('T60', 'MA', 'F3', 'k'), value),
  fc.tuple(fc.constant('ms'), key, value),
  fc.tuple(fc.constantFrom('get', 'gets'), key, key),
  fc.tuple(fc.constantFrom('incr', 'decr', 'gat'), number, key),
  fc.tuple(fc.constant('mg'), key, fc.constant('v'), fc.constant('t')),
)
const cuts = fc.array(fc.nat(), { maxLength: 6 })

describe('memcached commands', () => {
  property.prop([fc.array(command, { maxLength: 4 }), cuts], { seed: 1 })('survive the round trip in any chunks', (commands, at) => {
    const out = new ByteWriter(8)
    for (const one of commands) encodeMemcachedCommand(out, one)
    expect(decode(out.detach(), at)).toEqual(commands.map((one) => one.map((word) => Buffer.from(word as string).toString('latin1'))))
  })

  // Each row was observed on memcached 1.6.18.
  it.each([
    ['set a 0 0 3\r\nabcdef\r\nversion\r\n', ['CLIENT_ERROR bad data chunk', 'ERROR', ['version']]],
    ['set a 0 0 5\r\nabc\r\nversion\r\n', ['CLIENT_ERROR bad data chunk', ['rsion']]],
    ['set a 0 0 -1\r\nab\r\n', ['CLIENT_ERROR bad command line format', ['ab']]],
    ['set a 0 0 2147483646\r\nab\r\n', ['CLIENT_ERROR bad command line format', ['ab']]],
    ['set a 0 0 99999999999999999999\r\nab\r\n', ['CLIENT_ERROR bad command line format', ['ab']]],
    ['set a 0 0\r\nversion\r\n', [['set', 'a', '0', '0'], ['version']]],
    ['set a x 0 2\r\nvv\r\n', ['CLIENT_ERROR bad command line format', ['vv']]],
    ['set a x 0 2 noreply\r\nvv\r\n', [['vv']]],
    ['set a 0 x 2\r\nvv\r\n', ['CLIENT_ERROR bad command line format', ['vv']]],
    ['set a 0 0 1x\r\n', ['CLIENT_ERROR bad command line format']],
    ['set a 0 0 1 foo\r\nv\r\n', [['set', 'a', '0', '0', 'foo', 'v']]],
    ['set a 0 0 1 foo bar\r\nvv\r\n', [['set', 'a', '0', '0', '1', 'foo', 'bar'], ['vv']]],
    ['cas a 0 0 1\r\nvv\r\n', [['cas', 'a', '0', '0', '1'], ['vv']]],
    ['cas a 0 0 1 x\r\nvv\r\n', ['CLIENT_ERROR bad command line format', ['vv']]],
    ['cas a 0 0 1 7 noreply\r\nv\r\n', [['cas', 'a', '0', '0', '7', 'noreply', 'v']]],
    [
      'set a 0 0 1\nv\r\nget a\n',
      [
        ['set', 'a', '0', '0', 'v'],
        ['get', 'a'],
      ],
    ],
    ['set a 0 0 1\nv\nget a\n', ['CLIENT_ERROR bad data chunk', ['et', 'a']]],
    ['\r\n\nx\r\n   \r\nversion\r\n', ['ERROR', 'ERROR', 'ERROR', 'ERROR', ['version']]],
    ['get  a   b \r\n', [['get', 'a', 'b']]],
    ['get a\0b\r\n', [['get', 'a']]],
    [`${'x'.repeat(2_049)}`, ['closed']],
    [`${'x'.repeat(2_048)}\r\n`, [['x'.repeat(2_048)]]],
    [`get ${'k '.repeat(3_000)}\r\nversion\r\n`, [['get', ...Array.from({ length: 3_000 }, () => 'k')], ['version']]],
    [`mg ${'k'.repeat(3_000)}`, ['closed']],
    [`set ${'k'.repeat(251)} 0 0 2\r\nvv\r\n`, ['CLIENT_ERROR bad command line format', ['vv']]],
    ['ms a\r\n', ['CLIENT_ERROR bad command line format']],
    ['ms\r\n', [['ms']]],
    ['ms a S1\r\nvv\r\n', ['CLIENT_ERROR bad command line format', ['vv']]],
    ['ms a 2 T0 T0\r\nvv\r\n', [['ms', 'a', 'T0', 'T0', 'vv']]],
    ['ms a 2\r\nvvvv\r\n', ['CLIENT_ERROR bad data chunk', 'ERROR']],
    [`ms a 2 ${'k '.repeat(40)}\r\nvv\r\n`, ['CLIENT_ERROR options flags too long', ['vv']]],
    ['get z noreply\r\n', [['get', 'z', 'noreply']]],
    ['\x80\x00\x00', ['closed']],
  ] as [string, (string[] | string)[]][])('reads %j as memcached does', (text, expected) => {
    expect(feed(text)).toEqual(expected)
  })

  it('swallows a block above its limit, and the block of an overlong key where the profile says so', () => {
    const limits = { ...MEMCACHED_COMMAND_LIMITS, maxValueBytes: 10, swallowOverlongKey: true }
    const big = Buffer.from('set a 0 0 11\r\nxxxxxxxxxxx\r\nversion\r\nset a 0 0 11 noreply\r\nxxxxxxxxxxx\r\nversion\r\n')
    expect(decode(big, [20], limits)).toEqual(['SERVER_ERROR object too large for cache', ['version'], ['version']])
    expect(decode(Buffer.from(`set ${'k'.repeat(251)} 0 0 2\r\nvv\r\nversion\r\n`), [], limits)).toEqual([
      'CLIENT_ERROR bad command line format',
      ['version'],
    ])
  })

  it('puts the byte count where the verb wants it', () => {
    expect(encode(['set', 'k', '1', '60', 'héé'])).toBe('set k 1 60 5\r\nh\xc3\xa9\xc3\xa9\r\n')
    expect(encode(['cas', 'k', '1', '60', '7', 'noreply', 'v'])).toBe('cas k 1 60 1 7 noreply\r\nv\r\n')
    expect(encode(['ms', 'k', 'T60', 'v'])).toBe('ms k 1 T60\r\nv\r\n')
    expect(encode(['ms', 'k', ''])).toBe('ms k 0\r\n\r\n')
  })

  it('says what will be answered', () => {
    const expectation = (one: Command): number => encodeMemcachedCommand(new ByteWriter(), one)
    expect(expectation(['get', 'a'])).toBe(ANSWER.values)
    expect(expectation(['get', 'z', 'noreply'])).toBe(ANSWER.values)
    expect(expectation(['set', 'a', '0', '0', 'noreply'])).toBe(ANSWER.line)
    expect(expectation(['set', 'a', '0', '0', 'noreply', 'v'])).toBe(NO_ANSWER)
    expect(expectation(['delete', Buffer.from('a'), Buffer.from('noreply')])).toBe(NO_ANSWER)
    expect(expectation(['incr', 'a', '1'])).toBe(ANSWER.number)
    expect(expectation(['bget', 'a'])).toBe(ANSWER.values)
    // Where it stands for an obligatory word, or behind too many.
    expect(expectation(['delete', 'noreply'])).toBe(ANSWER.line)
    expect(expectation(['delete', 'a', '0', '0', 'noreply'])).toBe(ANSWER.line)
    expect(expectation(['touch', 'noreply'])).toBe(ANSWER.line)
    expect(expectation(['flush_all', 'noreply'])).toBe(NO_ANSWER)
    expect(expectation(['flush_all', '1', '2', 'noreply'])).toBe(ANSWER.line)
    expect(expectation(['mg', 'a', 'v'])).toBe(ANSWER.meta)
    expect(expectation(['version'])).toBe(ANSWER.line)
  })

  it.each([
    [[]],
    [['get', 'a b']],
    [['get', 'a\r\nflush_all']],
    [['get', '']],
    [['set', 'a', '0', 'v']],
    [['set', 'a', 'x', '0', 'v']],
    [['set', 'k'.repeat(251), '0', '0', 'v']],
    [['cas', 'a', '0', '0', 'x', 'v']],
    [['set', 'a', '-1', '0', 'v']],
    [['set', 'a', '0', '9223372036854775808', 'v']],
    [['cas', 'a', '0', '0', '-1', 'v']],
    [['mg', 'a', 'v', 'q']],
    [['mg', 'a', 'v', Buffer.from('q7')]],
    [['stats', 'cachedump', '1', '0']],
    [['stats', 'detail', 'dump']],
    [['lru', 'tune', 'noreply']],
    [['ms', 'a', 'q', 'v']],
    [['quit']],
    [['watch']],
  ] as [Command][])('refuses to send %j and writes nothing', (one) => {
    const out = new ByteWriter()
    out.latin1('before')
    expect(() => encodeMemcachedCommand(out, one)).toThrow(CommandError)
    expect(out.length).toBe(6)
  })

  property.prop([fc.array(command, { maxLength: 3 }), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }), cuts], {
    seed: 2,
    numRuns: 500,
  })('mutated frames give the same commands whatever the chunks', (commands, mutations, at) => {
    const out = new ByteWriter(8)
    for (const one of commands) encodeMemcachedCommand(out, one)
    const whole = out.detach()
    for (const [where, byte] of mutations) if (whole.length > 0) whole[where % whole.length] = byte
    expect(decode(whole, at)).toEqual(decode(whole))
  })
})
