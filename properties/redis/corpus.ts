import type { Command } from '../../src/protocol/command.ts'

/** One sequence that once told our engine from a real server, in its shortest form. */
export interface CorpusCase {
  readonly why: string
  commands(prefix: string): readonly Command[]
}

const LONG = 'abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklm'

/** Replayed against every server: what was wrong once stays right. */
export const corpus: readonly CorpusCase[] = [
  {
    why: 'HINCRBYFLOAT refuses an infinite increment before anything else, and leaves no empty hash',
    commands: (p) => [
      ['HINCRBYFLOAT', `${p}b`, 'f', 'inf'],
      ['EXISTS', `${p}b`],
    ],
  },
  {
    why: 'twice the count of pairs must fit an int64, to the last one and whether the key is there or not',
    commands: (p) =>
      ['-4611686018427387904', '4611686018427387904', '-4611686018427387903', '4611686018427387903'].flatMap((count) => [
        ['ZRANDMEMBER', `${p}none`, count, 'WITHSCORES'],
        ['HRANDFIELD', `${p}none`, count, 'WITHVALUES'],
        ['ZRANDMEMBER', `${p}none`, count],
      ]),
  },
  {
    why: 'an answer is what it was when it was asked for, whatever is written into a long value before it is sent',
    commands: (p) => [
      ['SETRANGE', `${p}k`, '99999', 'x'],
      ['MULTI'],
      ['GET', `${p}k`],
      ['GETRANGE', `${p}k`, '10000', '90000'],
      ['SETRANGE', `${p}k`, '50000', 'y'],
      ['GET', `${p}k`],
      ['APPEND', `${p}k`, 'z'],
      ['SETRANGE', `${p}k`, '50001', 'y'],
      ['EXEC'],
      ['GET', `${p}k`],
      ['DEL', `${p}k`],
    ],
  },
  {
    why: 'the cursor of SCAN is read by strtoul on Redis 7.0 and by string2ull later: empty and blank-led ones differ',
    commands: (p) => [
      ['HSCAN', `${p}a`, ''],
      ['HSCAN', `${p}a`, ' 0'],
      ['HSCAN', `${p}a`, '-1'],
      ['HSCAN', `${p}a`, '+1'],
      ['HSCAN', `${p}a`, '-01'],
      ['HSCAN', `${p}a`, '18446744073709551615'],
      ['HSCAN', `${p}a`, '18446744073709551616'],
      ['ZSCAN', `${p}a`, '0 '],
    ],
  },
  {
    why: 'MEMORY USAGE SAMPLES of a negative number is a syntax error',
    commands: (p) => [
      ['MEMORY', 'USAGE', `${p}a`, 'SAMPLES', '-1'],
      ['MEMORY', 'USAGE', `${p}a`, 'SAMPLES', 'x'],
    ],
  },
  { why: 'a refused EXEC is an EXECABORT, with a transaction or without', commands: () => [['EXEC', 'x'], ['MULTI'], ['EXEC', 'x'], ['EXEC']] },
  {
    why: 'whether HELLO takes SETNAME before or after it has judged the rest',
    commands: () => [
      ['HELLO', '9', 'SETNAME', 'me', 'nonsense'],
      ['CLIENT', 'GETNAME'],
    ],
  },
  {
    why: 'ZRANGE takes each of BYSCORE, BYLEX and REV once',
    commands: (p) => [
      ['ZRANGE', `${p}a`, '0', ' 1', 'BYSCORE', 'BYLEX'],
      ['ZRANGE', `${p}a`, '0', '1', 'REV', 'REV'],
    ],
  },
  {
    why: 'the count of ZPOPMIN has one error text for everything',
    commands: (p) => [
      ['ZPOPMIN', `${p}a`, ' 1'],
      ['ZPOPMAX', `${p}a`, '-1'],
      ['ZINTERCARD', '1', `${p}a`, 'LIMIT', 'x'],
    ],
  },
  {
    why: 'lexicographic ranges over different scores walk a listpack from one end',
    commands: (p) => [
      ['ZADD', `${p}b`, '0', 'a', '0.1', 'B'],
      ['ZLEXCOUNT', `${p}b`, '[a', '(c'],
      ['ZADD', `${p}a`, '0', 'ab', '0.1', 'a'],
      ['ZRANGE', `${p}a`, '[b', '[aa', 'BYLEX', 'REV'],
      ['ZRANGE', `${p}a`, '[aa', '[b', 'BYLEX'],
    ],
  },
  {
    why: 'a lexicographic range is empty when the last member is below it, also in a skip list',
    commands: (p) => [
      ['ZADD', `${p}a`, '1', 'B', '0', 'a'],
      ['ZINCRBY', `${p}a`, '0', LONG],
      ['ZRANGE', `${p}a`, '+', '[a', 'BYLEX', 'REV'],
    ],
  },
  {
    why: 'NOVALUES belongs to HSCAN',
    commands: (p) => [
      ['ZADD', `${p}d`, '0', 'a'],
      ['ZSCAN', `${p}d`, '0', 'NOVALUES'],
      ['HSET', `${p}a`, 'f', 'v'],
      ['HSCAN', `${p}a`, '0', 'NOVALUES'],
    ],
  },
  {
    why: 'AGGREGATE MAX keeps the zero that came first, with its sign',
    commands: (p) => [
      ['ZADD', `${p}d`, '0', 'a'],
      ['ZUNION', '2', `${p}d`, `${p}d`, 'WEIGHTS', '-1', '1', 'AGGREGATE', 'MAX', 'WITHSCORES'],
      ['ZUNION', '2', `${p}d`, `${p}d`, 'WEIGHTS', '1', '-1', 'AGGREGATE', 'MIN', 'WITHSCORES'],
    ],
  },
  {
    why: 'since 7.2 ZADD chooses the encoding by all its pairs, also those it does not store',
    commands: (p) => [
      ['ZADD', `${p}a`, '0', 'a'],
      ['ZADD', `${p}a`, 'XX', '0.1', LONG, '0', 'a'],
      ['OBJECT', 'ENCODING', `${p}a`],
    ],
  },
  {
    why: 'CLIENT SETINFO quotes the attribute as it was typed',
    commands: () => [
      ['CLIENT', 'SETINFO', 'Lib-Name', 'a b'],
      ['CLIENT', 'SETINFO', 'lib-age', 'x'],
    ],
  },
  {
    why: 'ZADD of the same score changes nothing and breaks no WATCH',
    commands: (p) => [['ZADD', `${p}a`, '1', 'm'], ['WATCH', `${p}a`], ['ZADD', `${p}a`, '1', 'm'], ['MULTI'], ['EXEC']],
  },
  {
    why: 'a listpack holds integral scores as integers, which ZSCAN shows',
    commands: (p) => [
      ['ZADD', `${p}a`, '1e17', 'a', '-0', 'b', '0.1', 'c'],
      ['ZSCAN', `${p}a`, '0'],
      ['ZADD', `${p}b`, '1e17', LONG, '-0', 'b', '0.1', 'c'],
      ['ZSCAN', `${p}b`, '0', 'COUNT', '100'],
    ],
  },
  {
    why: 'the reply to INCRBYFLOAT is not changed by a later SETRANGE',
    commands: (p) => [
      ['INCRBYFLOAT', `${p}a`, '0.1'],
      ['SETRANGE', `${p}a`, '0', '\0'],
      ['GET', `${p}a`],
    ],
  },
  {
    why: 'a negative offset finds nothing, but since 7.2 counts from the other end of a skip list',
    commands: (p) => [
      ['ZADD', `${p}a`, '0', 'a', '0', 'b', '0', 'c'],
      ['ZADD', `${p}b`, '0', 'a', '0', 'b', '0', LONG],
      ...['a', 'b'].flatMap((key): Command[] => [
        ['ZRANGE', p + key, '-', '+', 'BYLEX', 'LIMIT', '-1', '5'],
        ['ZRANGE', p + key, '+', '-', 'BYLEX', 'REV', 'LIMIT', '-2', '5'],
        ['ZRANGE', p + key, '-inf', '+inf', 'BYSCORE', 'LIMIT', '-2', '1'],
        ['ZREVRANGEBYSCORE', p + key, '+inf', '-inf', 'LIMIT', '-4', '5'],
      ]),
    ],
  },
  {
    why: 'a score may take a digit more than the shortest (Grisu2), and ties of %.17g go to the even digit',
    commands: (p) => [
      ['ZADD', `${p}b`, '-5.028995823995785e+96', 'a', '5513433694305.281', 'b'],
      ['ZRANGE', `${p}b`, '0', '-1', 'WITHSCORES'],
    ],
  },
  { why: 'AUTH wants a word or two', commands: () => [['AUTH'], ['AUTH', 'default', 'x', 'x']] },
]
