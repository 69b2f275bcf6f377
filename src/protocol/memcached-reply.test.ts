import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { ByteWriter } from './byte-writer.ts'
import { MEMCACHED_REPLY_LIMITS, MemcachedReplyDecoder } from './memcached-reply-decoder.ts'
import { encodeMemcachedReply } from './memcached-reply-encoder.ts'
import { ANSWER, type Answer } from './memcached-verbs.ts'
import { ProtocolError } from './protocol-error.ts'
import { MemcachedValues, MetaReply, type Reply, ReplyError, SimpleString } from './reply.ts'

const LIMITS = { ...MEMCACHED_REPLY_LIMITS, maxItems: 100 }

function decode(bytes: Buffer, answers: readonly Answer[], cuts: readonly number[] = [], limits = LIMITS): Reply[] {
  const replies: Reply[] = []
  const decoder = new MemcachedReplyDecoder((reply) => replies.push(reply), limits)
  for (const answer of answers) decoder.expect(answer)
  let from = 0
  for (const to of [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    const chunk = Buffer.from(bytes.subarray(from, to))
    decoder.feed(chunk)
    chunk.fill(0xee)
    from = to
  }
  return replies
}

function encode(replies: readonly Reply[]): Buffer {
  const out = new ByteWriter(8)
  for (const one of replies) encodeMemcachedReply(out, one)
  return out.detach()
}

const word = fc.stringMatching(/^[!-~]{1,20}$/)
const bytes = fc.uint8Array({ maxLength: 60 }).map((data) => Buffer.from(data))
const key = word.map((text) => Buffer.from(text))
const flags = fc.nat(4_294_967_295)
const errors = fc.constantFrom('ERROR', 'CLIENT_ERROR bad data chunk', 'SERVER_ERROR out of memory').map((text) => new ReplyError(text))
const exchange: fc.Arbitrary<readonly [Answer, Reply]> = fc.oneof(
  errors.chain((reply) => fc.constantFrom(0, 1, 2, 3).map((answer) => [answer as Answer, reply] as const)),
  fc.constantFrom('STORED', 'NOT_FOUND', 'VERSION 1.6.18').map((text) => [ANSWER.line, new SimpleString(text)] as const),
  fc.maxSafeInteger().map((value) => [ANSWER.number, Math.abs(value)] as const),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }).map((value) => [ANSWER.number, value] as const),
  fc
    .array(fc.record({ key, flags, value: bytes }, { noNullPrototype: true }), { maxLength: 4 })
    .map((items) => [ANSWER.values, new MemcachedValues(items)] as const),
  fc
    .array(fc.record({ key, flags, value: bytes, cas: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) }, { noNullPrototype: true }), { maxLength: 3 })
    .map((items) => [ANSWER.values, new MemcachedValues(items)] as const),
  fc
    .array(fc.record({ key, flags: fc.constant(0), value: word.map((text) => Buffer.from(text)) }, { noNullPrototype: true }), {
      minLength: 1,
      maxLength: 3,
    })
    .map((items) => [ANSWER.values, new MemcachedValues(items, 'stats')] as const),
  fc
    .tuple(fc.constantFrom('HD', 'EN', 'NF', 'NS', 'EX', 'MN', 'ME'), fc.array(word, { maxLength: 3 }))
    .map(([code, words]) => [ANSWER.meta, new MetaReply(code, words, null)] as const),
  fc.tuple(fc.array(word, { maxLength: 3 }), bytes).map(([words, value]) => [ANSWER.meta, new MetaReply('VA', words, value)] as const),
)

describe('memcached replies', () => {
  property.prop([fc.array(exchange, { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 6 })], { seed: 1, numRuns: 300 })(
    'survive the round trip in any chunks',
    (exchanges, cuts) => {
      const replies = exchanges.map(([, reply]) => reply)
      expect(
        decode(
          encode(replies),
          exchanges.map(([answer]) => answer),
          cuts,
        ),
      ).toStrictEqual(replies)
    },
  )

  it("reads ElastiCache's list of nodes", () => {
    const list = '12\nhost1|10.82.235.120|11211 host2|10.80.249.27|11211\n'
    const text = `CONFIG cluster 0 ${list.length}\r\n${list}\r\nEND\r\n`
    const expected = new MemcachedValues([{ key: Buffer.from('cluster'), flags: 0, value: Buffer.from(list) }], 'config')
    expect(decode(Buffer.from(text), [ANSWER.values])).toStrictEqual([expected])
    expect(encode([expected]).toString()).toBe(text)
  })

  it('answers to stats that are no list', () => {
    expect(decode(Buffer.from('RESET\r\nOK\r\nEND\r\n'), [ANSWER.values, ANSWER.values, ANSWER.values])).toStrictEqual([
      new SimpleString('RESET'),
      SimpleString.ok,
      new MemcachedValues([]),
    ])
  })

  it('keeps the order of more expectations than the ring holds at first', () => {
    const many = Array.from({ length: 1_000 }, (_, index) => index)
    const answers: Answer[] = many.map(() => ANSWER.number)
    expect(decode(encode(many), answers)).toEqual(many)
  })

  it.each([
    ['STORED\r\n', []],
    ['HTTP/1.1 200 OK\r\n', [ANSWER.meta]],
    ['\0\r\n', [ANSWER.line]],
    ['12\r\n', [ANSWER.line]],
    ['VALUE a 0 x\r\n', [ANSWER.values]],
    ['VALUE a 0 -1\r\n', [ANSWER.values]],
    ['VALUE a 0 99999999999\r\n', [ANSWER.values]],
    ['VALUE a 0 1\r\nabc\r\n', [ANSWER.values]],
    ['VA 1\r\nabc\r\n', [ANSWER.meta]],
    ['VA x\r\n', [ANSWER.meta]],
    ['x'.repeat(70_000), [ANSWER.line]],
    ['STAT a 1\r\n'.repeat(101), [ANSWER.values]],
  ] as [string, Answer[]][])('refuses %j', (text, answers) => {
    expect(() => decode(Buffer.from(text), answers)).toThrow(ProtocolError)
  })

  it('a value above 64 MiB is refused by its header, before a byte of it is kept', () => {
    for (const [header, answer] of [
      ['VALUE a 0 67108865\r\n', ANSWER.values],
      ['VALUE a 0 67108865 7\r\n', ANSWER.values],
      ['VA 67108865\r\n', ANSWER.meta],
    ] as [string, Answer][]) {
      expect(() => decode(Buffer.from(header), [answer])).toThrow('a value of 67108865 bytes is above the limit of 67108864')
      expect(decode(Buffer.from(header.replace('865', '864')), [answer])).toEqual([])
    }
  })

  it('values together, and statistics, have a limit for each answer', () => {
    const limits = { ...MEMCACHED_REPLY_LIMITS, maxAnswerBytes: 8 }
    const three = 'VALUE a 0 4\r\nabcd\r\nVALUE b 0 4 1\r\nabcd\r\n'
    expect(decode(Buffer.from(`${three}END\r\n${three}END\r\n`), [ANSWER.values, ANSWER.values], [], limits)).toHaveLength(2)
    expect(() => decode(Buffer.from(`${three}VALUE c 0 1\r\n`), [ANSWER.values], [], limits)).toThrow(/above the limit of 8 bytes/)
    expect(() => decode(Buffer.from('STAT abc def\r\n'), [ANSWER.values], [], limits)).toThrow(/above the limit of 8 bytes/)
  })

  property.prop(
    [
      fc.array(exchange, { minLength: 1, maxLength: 3 }),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 }),
      fc.array(fc.nat(), { maxLength: 5 }),
    ],
    { seed: 2, numRuns: 500 },
  )('mutated frames decode or are refused, whatever the chunks', (exchanges, mutations, cuts) => {
    const whole = encode(exchanges.map(([, reply]) => reply))
    for (const [where, byte] of mutations) whole[where % whole.length] = byte
    const attempt = (pieces: readonly number[]): unknown => {
      try {
        return decode(
          whole,
          exchanges.map(([answer]) => answer),
          pieces,
        )
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError)
        return 'refused'
      }
    }
    expect(attempt(cuts)).toStrictEqual(attempt([]))
  })
})
