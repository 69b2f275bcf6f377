import fc from 'fast-check'
import type { Family } from './family.ts'
import { integerWord, valueWord } from './pools.ts'

export const transactionFamily: Family = {
  id: 'transactions',
  sentence: 'MULTI, EXEC, DISCARD and WATCH queue, refuse, abort and run as the reference engine does.',
  reach: 'connection',
  commands: ({ key, one }) => [
    one(6, 'MULTI'),
    one(5, 'EXEC'),
    one(1, 'DISCARD'),
    one(2, 'WATCH', fc.array(key, { minLength: 1, maxLength: 2 })),
    one(1, 'UNWATCH'),
    one(4, 'SET', key, valueWord),
    one(4, 'INCRBY', key, integerWord),
    one(3, 'GET', key),
    one(2, 'GETEX', key, 'EX', fc.constantFrom('0', '1000')),
    one(2, 'HSET', key, 'f', valueWord),
    one(1, 'ZADD', key, '1', 'm'),
    one(2, 'DEL', key),
    one(1, 'PEXPIREAT', key, fc.constantFrom('1', '4102444800000')),
    one(1, 'PING'),
  ],
}
