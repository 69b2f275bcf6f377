import fc from 'fast-check'
import type { Family } from './family.ts'
import { maybe, someOf, words } from './family.ts'
import { epochMillisWord, epochSecondsWord, millisWord, secondsWord } from './pools.ts'

/**
 * Comparisons (GT, LT) go with absolute times only: a relative one moves between the two sides by the time that
 * passes between them.
 */
export const expiryFamily: Family = {
  id: 'expiry',
  sentence: 'Times to live are set, refused, kept and dropped as the reference engine does it; a time in the past deletes.',
  reach: 'own keys',
  commands: ({ key, one }) => {
    const absolute = someOf(words('NX'), words('XX'), words('GT'), words('LT'), words('gt'), words('nonsense'))
    const relative = maybe(fc.oneof(words('NX'), words('XX'), words('NX', 'XX'), words('GT', 'LT'), words('XX', 'NX', 'GT')))
    const value = fc.constantFrom('x', '1')
    return [
      one(4, 'SET', key, value),
      one(2, 'SET', key, value, 'KEEPTTL'),
      one(2, 'SET', key, value, 'PXAT', epochMillisWord),
      one(1, 'HSET', key, 'f', value),
      one(1, 'ZADD', key, '1', 'm'),
      one(4, 'EXPIRE', key, secondsWord, relative),
      one(4, 'PEXPIRE', key, millisWord, relative),
      one(5, 'EXPIREAT', key, epochSecondsWord, absolute),
      one(5, 'PEXPIREAT', key, epochMillisWord, absolute),
      one(4, 'TTL', key),
      one(4, 'PTTL', key),
      one(2, 'EXPIRETIME', key),
      one(2, 'PEXPIRETIME', key),
      one(3, 'PERSIST', key),
      one(2, 'GETEX', key, 'PXAT', epochMillisWord),
      one(1, 'GETEX', key, 'PERSIST'),
      one(1, 'RENAME', key, key),
      one(1, 'COPY', key, key, 'REPLACE'),
      one(1, 'APPEND', key, value),
      one(1, 'INCR', key),
      one(2, 'GET', key),
      one(1, 'EXISTS', key, key),
    ]
  },
}
