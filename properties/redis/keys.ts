import fc from 'fast-check'
import type { Word } from '../../src/protocol/command.ts'
import type { Family } from './family.ts'
import { someOf, words } from './family.ts'
import { fieldWord, memberWord, valueWord } from './pools.ts'

export const keyFamily: Family = {
  id: 'keys',
  sentence: 'Commands on keys of any type (existence, type, rename, copy, encoding) answer as the reference engine does.',
  reach: 'own keys',
  commands: ({ key, one }) => {
    const several = fc.array(key, { minLength: 1, maxLength: 4 })
    const database = fc.constantFrom('0', '99', '-1', 'x', '99999999999').map((index): readonly Word[] => ['DB', index])
    return [
      one(3, 'SET', key, valueWord),
      one(3, 'HSET', key, fieldWord, valueWord),
      one(3, 'ZADD', key, '1', memberWord),
      one(1, 'PEXPIREAT', key, '4102444800000'),
      one(3, 'DEL', several),
      one(2, 'UNLINK', several),
      one(3, 'EXISTS', several),
      one(1, 'TOUCH', several),
      one(3, 'TYPE', key),
      one(4, 'RENAME', key, key),
      one(3, 'RENAMENX', key, key),
      one(4, 'COPY', key, key, someOf(words('REPLACE'), database)),
      one(1, 'MOVE', key, fc.constantFrom('0', '99', '-1', 'x', '99999999999')),
      one(2, 'OBJECT ENCODING', key),
      one(1, 'OBJECT REFCOUNT', key),
      one(1, 'OBJECT IDLETIME', key),
      one(1, 'OBJECT FREQ', key),
      one(0.5, 'OBJECT', fc.constantFrom('NOSUCH', 'encoding')),
      one(1, 'MEMORY USAGE', key, someOf(words('SAMPLES', '5'), words('SAMPLES', '-1'), words('x'))),
      one(1, 'APPEND', key, valueWord),
      one(1, 'INCRBYFLOAT', key, '1'),
    ]
  },
}
