import fc from 'fast-check'
import type { Family } from './family.ts'
import { fieldWord, floatWord, int64EdgeWord, integerWord } from './pools.ts'

export const counterFamily: Family = {
  id: 'counters',
  sentence: 'Counters add, overflow and refuse as the reference engine does, integers as int64 and floats as x87 long doubles.',
  reach: 'own keys',
  commands: ({ key, one }) => {
    const number = fc.oneof(integerWord, floatWord)
    return [
      one(6, 'INCR', key),
      one(4, 'DECR', key),
      one(6, 'INCRBY', key, integerWord),
      one(4, 'DECRBY', key, integerWord),
      one(10, 'INCRBYFLOAT', key, floatWord),
      one(6, 'SET', key, number),
      // By chance INCR or DECR itself would meet an end of int64 once in thousands of sequences.
      one(4, 'SET', key, int64EdgeWord),
      one(3, 'GET', key),
      one(2, 'DEL', key),
      one(1, 'APPEND', key, integerWord),
      one(4, 'HSET', key, fieldWord, number),
      one(5, 'HINCRBY', key, fieldWord, integerWord),
      one(6, 'HINCRBYFLOAT', key, fieldWord, floatWord),
      one(2, 'OBJECT ENCODING', key),
      one(1, 'PEXPIREAT', key, '4102444800000'),
      one(1, 'PEXPIRETIME', key),
    ]
  },
}
