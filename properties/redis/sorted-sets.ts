import fc from 'fast-check'
import type { Word } from '../../src/protocol/command.ts'
import type { Family } from './family.ts'
import { maybe, someOf, words } from './family.ts'
import { floatWord, indexWord, memberWord } from './pools.ts'

const scoreWord = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: -5, max: 5 }).map(String) }, { weight: 3, arbitrary: floatWord })

const scoreEnd = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -6, max: 6 }).map(String) },
  { weight: 3, arbitrary: fc.integer({ min: -6, max: 6 }).map((n) => `(${n}`) },
  { weight: 3, arbitrary: fc.constantFrom('-inf', '+inf', 'inf', '(inf', '(-inf') },
  { weight: 1, arbitrary: fc.constantFrom('', '(', ' 1', '1 ', 'nan', '1e400', '((1', 'abc', '[1', '0x2', '.5') },
)

const limit = fc.tuple(indexWord, indexWord).map(([offset, count]): readonly Word[] => ['LIMIT', offset, count])

/** As many members as the compact encoding holds, and one more. */
const many = fc.constantFrom(127, 128, 129).map((count): readonly Word[] => Array.from({ length: count }, (_, i) => [String(i % 40), `n${i}`]).flat())

export const sortedSetFamily: Family = {
  id: 'sorted-sets',
  sentence: 'Sorted set commands answer as the reference engine does, byte for byte, and leave the same members, scores and order.',
  reach: 'own keys',
  commands: ({ key, one }) => {
    const members = fc.array(memberWord, { minLength: 1, maxLength: 4 })
    const pairs = fc.array(fc.tuple(scoreWord, memberWord), { minLength: 1, maxLength: 5 }).map((list) => list.flat())
    const options = someOf(words('NX'), words('XX'), words('GT'), words('LT'), words('CH'), words('INCR'))
    const ends = fc.oneof(fc.tuple(indexWord, indexWord), fc.tuple(scoreEnd, scoreEnd))
    const scores = maybe(words('WITHSCORES'))
    const rangeOptions = someOf(words('BYSCORE'), words('REV'), limit, words('WITHSCORES'))
    const byScore = fc
      .tuple(scoreEnd, scoreEnd, someOf(words('REV'), limit, words('WITHSCORES')))
      .map(([a, b, more]): readonly Word[] => [a, b, 'BYSCORE', ...more])
    const several = fc.oneof(
      { weight: 8, arbitrary: fc.array(key, { minLength: 1, maxLength: 3 }).map((keys): readonly Word[] => [String(keys.length), ...keys]) },
      { weight: 1, arbitrary: fc.tuple(fc.constantFrom('0', '-1', '5', 'x', '9223372036854775807'), key) },
    )
    const weights = fc.array(floatWord, { minLength: 1, maxLength: 3 }).map((list): readonly Word[] => ['WEIGHTS', ...list])
    const aggregate = fc.constantFrom('SUM', 'min', 'MAX', 'AVG').map((how): readonly Word[] => ['AGGREGATE', how])
    const algebra = someOf(weights, aggregate, words('WITHSCORES'))
    const end = fc.constantFrom('MIN', 'MAX', 'max', 'MID')
    const count = maybe(
      fc.oneof(
        indexWord.map((n): readonly Word[] => ['COUNT', n]),
        words('COUNT', '2'),
      ),
    )
    return [
      one(10, 'ZADD', key, pairs),
      one(5, 'ZADD', key, options, scoreWord, memberWord),
      one(2, 'ZADD', key, options, pairs),
      one(0.3, 'ZADD', key, many),
      one(4, 'ZINCRBY', key, scoreWord, memberWord),
      one(3, 'ZREM', key, members),
      one(2, 'ZCARD', key),
      one(3, 'ZSCORE', key, memberWord),
      one(2, 'ZMSCORE', key, members),
      one(2, 'ZCOUNT', key, scoreEnd, scoreEnd),
      one(2, 'ZRANK', key, memberWord, maybe(words('WITHSCORE'))),
      one(2, 'ZREVRANK', key, memberWord, maybe(words('withscore'))),
      one(4, 'ZRANGE', key, indexWord, indexWord, scores),
      one(3, 'ZRANGE', key, ends, rangeOptions),
      one(3, 'ZRANGE', key, byScore),
      one(2, 'ZREVRANGE', key, indexWord, indexWord, scores),
      one(2, 'ZRANGEBYSCORE', key, scoreEnd, scoreEnd, someOf(limit, words('WITHSCORES'))),
      one(2, 'ZREVRANGEBYSCORE', key, scoreEnd, scoreEnd, someOf(limit, words('WITHSCORES'))),
      one(1, 'ZRANGESTORE', key, key, ends, rangeOptions),
      one(1, 'ZRANGESTORE', key, key, byScore),
      one(1, 'ZREMRANGEBYRANK', key, indexWord, indexWord),
      one(1, 'ZREMRANGEBYSCORE', key, scoreEnd, scoreEnd),
      one(2, 'ZPOPMIN', key, maybe(fc.tuple(indexWord))),
      one(2, 'ZPOPMAX', key, maybe(fc.tuple(indexWord))),
      one(2, 'ZMPOP', several, end, count),
      one(2, 'ZUNION', several, algebra),
      one(2, 'ZINTER', several, algebra),
      one(2, 'ZDIFF', several, algebra),
      one(1, 'ZUNIONSTORE', key, several, algebra),
      one(1, 'ZINTERSTORE', key, several, algebra),
      one(1, 'ZDIFFSTORE', key, several, algebra),
      one(1, 'ZINTERCARD', several, maybe(indexWord.map((n): readonly Word[] => ['LIMIT', n]))),
      one(1, 'ZRANDMEMBER', key, maybe(fc.tuple(indexWord))),
      one(1, 'ZRANDMEMBER', key, indexWord, 'WITHSCORES'),
      one(1, 'ZSCAN', key, fc.constantFrom('0', '0', '0', 'x'), someOf(words('COUNT', '1000'), words('MATCH', '[a-c]*'), words('NOVALUES'))),
      one(1, 'OBJECT ENCODING', key),
      one(1, 'DEL', key),
    ]
  },
}
