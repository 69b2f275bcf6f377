import fc from 'fast-check'
import type { Word } from '../../src/protocol/command.ts'
import type { Family } from './family.ts'
import { maybe, someOf, words } from './family.ts'
import { fieldWord, indexWord, valueWord } from './pools.ts'

/** As many fields as the compact encoding holds, and one more. */
const many = fc.constantFrom(511, 512, 513).map((count): readonly Word[] => Array.from({ length: count }, (_, i) => [`n${i}`, String(i)]).flat())

export const hashFamily: Family = {
  id: 'hashes',
  sentence: 'Hash commands answer as the reference engine does, byte for byte, and leave the same fields.',
  reach: 'own keys',
  commands: ({ key, one }) => {
    const fields = fc.array(fieldWord, { minLength: 1, maxLength: 4 })
    const pairs = fc.array(fc.tuple(fieldWord, valueWord), { minLength: 1, maxLength: 4 }).map((list) => list.flat())
    return [
      one(8, 'HSET', key, pairs),
      one(20 / 100, 'HSET', key, many),
      one(2, 'HMSET', key, pairs),
      one(3, 'HSETNX', key, fieldWord, valueWord),
      one(4, 'HGET', key, fieldWord),
      one(3, 'HMGET', key, fields),
      one(3, 'HGETALL', key),
      one(4, 'HDEL', key, fields),
      one(3, 'HLEN', key),
      one(2, 'HEXISTS', key, fieldWord),
      one(2, 'HKEYS', key),
      one(2, 'HVALS', key),
      one(2, 'HSTRLEN', key, fieldWord),
      one(2, 'HRANDFIELD', key, maybe(fc.tuple(indexWord))),
      one(2, 'HRANDFIELD', key, indexWord, 'WITHVALUES'),
      one(
        2,
        'HSCAN',
        key,
        fc.constantFrom('0', '0', '0', 'x', '', ' 0'),
        someOf(words('COUNT', '1000'), words('MATCH', '[fgn]*'), words('COUNT', '0')),
      ),
      one(1, 'OBJECT ENCODING', key),
      one(1, 'DEL', key),
    ]
  },
}
