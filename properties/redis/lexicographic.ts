import fc from 'fast-check'
import type { Word } from '../../src/protocol/command.ts'
import type { Family } from './family.ts'
import { maybe, someOf, words } from './family.ts'
import { indexWord, memberWord } from './pools.ts'

const lexEnd = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('-', '+', '[a', '(a', '[b', '(c', '[aa', '(', '[') },
  { weight: 1, arbitrary: fc.constantFrom('', 'a', '-a', '+a', '[\u00e9') },
)

const limit = fc.tuple(indexWord, indexWord).map(([offset, count]): readonly Word[] => ['LIMIT', offset, count])

const many = fc.constantFrom(127, 129).map((count): readonly Word[] => Array.from({ length: count }, (_, i) => ['0', `n${i}`]).flat())

/**
 * All scores are equal: among different ones a lexicographic range means nothing, and what a real server answers
 * depends on the levels its skip list drew.
 */
export const lexicographicFamily: Family = {
  id: 'lexicographic',
  sentence: 'Lexicographic ranges of sorted sets answer as those of the reference engine do, byte for byte.',
  reach: 'own keys',
  commands: ({ key, one }) => {
    const pairs = fc.array(memberWord, { minLength: 1, maxLength: 6 }).map((members) => members.flatMap((member): Word[] => ['0', member]))
    const byLex = fc.tuple(lexEnd, lexEnd, someOf(words('REV'), limit)).map(([a, b, more]): readonly Word[] => [a, b, 'BYLEX', ...more])
    return [
      one(8, 'ZADD', key, pairs),
      one(0.5, 'ZADD', key, many),
      one(2, 'ZREM', key, memberWord),
      one(4, 'ZLEXCOUNT', key, lexEnd, lexEnd),
      one(6, 'ZRANGE', key, byLex),
      one(1, 'ZRANGE', key, byLex, someOf(words('WITHSCORES'), words('BYSCORE'), words('BYLEX'))),
      one(2, 'ZRANGEBYLEX', key, lexEnd, lexEnd, maybe(limit)),
      one(2, 'ZREVRANGEBYLEX', key, lexEnd, lexEnd, maybe(limit)),
      one(2, 'ZREMRANGEBYLEX', key, lexEnd, lexEnd),
      one(2, 'ZRANGESTORE', key, key, byLex),
      one(1, 'OBJECT ENCODING', key),
      one(1, 'DEL', key),
    ]
  },
}
