import fc from 'fast-check'
import type { Word } from '../../src/protocol/command.ts'
import type { Family } from './family.ts'
import { maybe, someOf, words } from './family.ts'
import { epochMillisWord, epochSecondsWord, indexWord, millisWord, secondsWord, valueWord } from './pools.ts'

const after = (option: string, word: fc.Arbitrary<string>) => word.map((value): readonly Word[] => [option, value])
const time = fc.oneof(after('EX', secondsWord), after('PX', millisWord), after('EXAT', epochSecondsWord), after('PXAT', epochMillisWord))

export const stringFamily: Family = {
  id: 'strings',
  sentence: 'String commands answer as the reference engine does, byte for byte, and leave the same strings.',
  reach: 'own keys',
  commands: ({ key, one }) => {
    const several = fc.array(key, { minLength: 1, maxLength: 4 })
    const pairs = fc.array(fc.tuple(key, valueWord), { minLength: 1, maxLength: 3 }).map((list) => list.flat())
    return [
      one(6, 'SET', key, valueWord),
      one(5, 'SET', key, valueWord, someOf(words('NX'), words('XX'), words('GET'), words('KEEPTTL'), time, time)),
      one(8, 'GET', key),
      one(2, 'SETNX', key, valueWord),
      one(2, 'SETEX', key, secondsWord, valueWord),
      one(2, 'PSETEX', key, millisWord, valueWord),
      one(2, 'GETSET', key, valueWord),
      one(2, 'GETDEL', key),
      one(4, 'GETEX', key, maybe(fc.oneof(time, words('PERSIST'), someOf(words('PERSIST'), time, time)))),
      one(2, 'MGET', several),
      one(2, 'MSET', pairs),
      one(1, 'MSETNX', pairs),
      one(4, 'APPEND', key, valueWord),
      one(3, 'STRLEN', key),
      one(4, 'SETRANGE', key, fc.oneof(indexWord, fc.constant('536870912')), valueWord),
      one(4, 'GETRANGE', key, indexWord, indexWord),
      one(1, 'SUBSTR', key, indexWord, indexWord),
      one(2, 'OBJECT ENCODING', key),
      one(1, 'TTL', key),
      one(1, 'PERSIST', key),
    ]
  },
}
