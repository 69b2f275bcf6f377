import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { ByteWriter } from './byte-writer.ts'
import { ProtocolError } from './protocol-error.ts'
import {
  BigNumberReply,
  DoubleReply,
  MapReply,
  NullArray,
  PushReply,
  type Reply,
  ReplyError,
  SetReply,
  SimpleString,
  VerbatimReply,
} from './reply.ts'
import { RESP_REPLY_LIMITS, RespReplyDecoder } from './resp-reply-decoder.ts'
import { encodeRespReply } from './resp-reply-encoder.ts'

function encode(reply: Reply, version: 2 | 3): Buffer {
  const out = new ByteWriter(16)
  encodeRespReply(out, reply, version)
  return out.detach()
}

function decode(bytes: Buffer, cuts: readonly number[] = [], limits = RESP_REPLY_LIMITS): Reply[] {
  const replies: Reply[] = []
  const decoder = new RespReplyDecoder((reply) => replies.push(reply), limits)
  // The chunk is wiped after each feed: whatever the decoder kept must be a copy.
  let from = 0
  for (const to of [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    const chunk = Buffer.from(bytes.subarray(from, to))
    decoder.feed(chunk)
    chunk.fill(0xee)
    from = to
  }
  return replies
}

const line = fc
  .string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 30 })
  .map((text) => text.replace(/[\r\n]/g, '.'))
const bytes = fc.uint8Array({ maxLength: 80 }).map((data) => Buffer.from(data))
const leaf: fc.Arbitrary<Reply> = fc.oneof(
  fc.maxSafeInteger(),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
  bytes,
  fc.constant(null),
  fc.boolean(),
  line.map((text) => (text === 'OK' ? SimpleString.ok : new SimpleString(text))),
  line.map((text) => new ReplyError(text)),
  fc.constantFrom('1.5', '-inf', 'inf', 'nan', '1e+17', '0.10000000000000001').map((text) => new DoubleReply(text)),
  fc.bigInt().map((value) => new BigNumberReply(value.toString())),
  bytes.map((data) => new VerbatimReply('txt', data)),
)
const reply: fc.Arbitrary<Reply> = fc.letrec<{ node: Reply }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('node'), { maxLength: 4 }),
    fc.array(fc.tuple(tie('node'), tie('node')), { maxLength: 3 }).map((pairs) => new MapReply(pairs.flat())),
    fc.array(tie('node'), { maxLength: 4 }).map((items) => new SetReply(items)),
    fc.array(tie('node'), { maxLength: 4 }).map((items) => new PushReply(items)),
  ),
})).node
const cuts = fc.array(fc.nat(), { maxLength: 6 })

describe('RESP replies', () => {
  property.prop([fc.array(reply, { maxLength: 5 }), cuts], { seed: 1 })('RESP3 survives the round trip in any chunks', (replies, at) => {
    expect(decode(Buffer.concat(replies.map((one) => encode(one, 3))), at)).toStrictEqual(replies)
  })

  property.prop([fc.array(reply, { maxLength: 5 }), cuts], { seed: 2 })('RESP2 chunks do not matter', (replies, at) => {
    const whole = Buffer.concat(replies.map((one) => encode(one, 2)))
    expect(decode(whole, at)).toStrictEqual(decode(whole))
  })

  it.each([
    [null, '$-1\r\n', '_\r\n'],
    [NullArray.value, '*-1\r\n', '_\r\n'],
    [true, ':1\r\n', '#t\r\n'],
    [-7, ':-7\r\n', ':-7\r\n'],
    [9_007_199_254_740_991, ':9007199254740991\r\n', ':9007199254740991\r\n'],
    [-(2n ** 63n), ':-9223372036854775808\r\n', ':-9223372036854775808\r\n'],
    [new DoubleReply('0.1'), '$3\r\n0.1\r\n', ',0.1\r\n'],
    [new MapReply([1, 2]), '*2\r\n:1\r\n:2\r\n', '%1\r\n:1\r\n:2\r\n'],
    [new SetReply([1]), '*1\r\n:1\r\n', '~1\r\n:1\r\n'],
    [new PushReply([1]), '*1\r\n:1\r\n', '>1\r\n:1\r\n'],
    [new VerbatimReply('txt', Buffer.from('hi')), '$2\r\nhi\r\n', '=6\r\ntxt:hi\r\n'],
    [new ReplyError("ERR unknown command 'a\r\nb\xff'"), "-ERR unknown command 'a  b\xff'\r\n", "-ERR unknown command 'a  b\xff'\r\n"],
  ] as [Reply, string, string][])('encodes %s for both versions', (value, two, three) => {
    expect(encode(value, 2).toString('latin1')).toBe(two)
    expect(encode(value, 3).toString('latin1')).toBe(three)
  })

  it('reads what only RESP3 servers write', () => {
    expect(decode(Buffer.from('|1\r\n+ttl\r\n:3\r\n$1\r\nx\r\n!5\r\nERR x\r\n,1\r\n(123\r\n'))).toStrictEqual([
      Buffer.from('x'),
      new ReplyError('ERR x'),
      new DoubleReply('1'),
      new BigNumberReply('123'),
    ])
  })

  it.each([
    '$-2\r\n',
    '*-2\r\n',
    '%-1\r\n',
    '$99999999999\r\n',
    '*99999999999\r\n',
    ':12x\r\n',
    ':\r\n',
    'HTTP/1.1 200\r\n',
    '\0',
    '#x\r\n',
    '$1\r\nabc',
    ',1.\x00\r\n',
    '=1\r\nx\r\n',
    `+${'x'.repeat(70_000)}`,
    '*1\r\n'.repeat(65),
  ])('refuses %j', (text) => {
    expect(() => decode(Buffer.from(text, 'latin1'))).toThrow(ProtocolError)
  })

  it('lets no length claim memory that has not arrived', () => {
    const before = process.memoryUsage().arrayBuffers
    expect(decode(Buffer.from('$536870912\r\nabc'))).toEqual([])
    expect(decode(Buffer.from('*67108864\r\n:1\r\n'))).toEqual([])
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000)
  })

  property.prop([fc.array(reply, { maxLength: 3 }), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }), cuts], {
    seed: 3,
    numRuns: 500,
  })('mutated frames decode or are refused, whatever the chunks', (replies, mutations, at) => {
    const whole = Buffer.concat(replies.map((one) => encode(one, 3)))
    for (const [where, byte] of mutations) if (whole.length > 0) whole[where % whole.length] = byte
    const attempt = (pieces: readonly number[]): unknown => {
      const seen: Reply[] = []
      try {
        seen.push(...decode(whole, pieces))
        return seen
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError)
        return 'refused'
      }
    }
    expect(attempt(at)).toStrictEqual(attempt([]))
  })

  it('leaves out the bytes of a whole reply that nobody reads, and of nothing else', () => {
    const replies = [Buffer.from('a'.repeat(100)), [Buffer.from('b')], null, Buffer.from('c')]
    const heard: Reply[] = []
    const positions: number[] = []
    const decoder = new RespReplyDecoder(
      (reply) => {
        heard.push(reply)
        positions.push(decoder.position)
      },
      RESP_REPLY_LIMITS,
      () => heard.length === 3,
    )
    const encoded = replies.map((reply) => encode(reply, 2))
    decoder.feed(Buffer.concat(encoded))
    expect(heard).toEqual([Buffer.alloc(0), [Buffer.from('b')], null, Buffer.from('c')])
    expect(positions).toEqual(encoded.map((_, index) => Buffer.concat(encoded.slice(0, index + 1)).length))
  })
})
