import type { Property } from '../property.ts'
import { connectionFamily } from './connection.ts'
import { counterFamily } from './counters.ts'
import { crossFamily } from './cross-family.ts'
import { differentialProperty } from './differential.ts'
import { expiryFamily } from './expiry.ts'
import { hashFamily } from './hashes.ts'
import { keyFamily } from './keys.ts'
import { lexicographicFamily } from './lexicographic.ts'
import { scanningFamily } from './scanning.ts'
import { sortedSetFamily } from './sorted-sets.ts'
import { stringFamily } from './strings.ts'
import { transactionFamily } from './transactions.ts'

/** Everything that is promised of Redis and Valkey endpoints. A new property is a file and a line here. */
export const allRedisProperties: readonly Property[] = [
  stringFamily,
  counterFamily,
  hashFamily,
  sortedSetFamily,
  lexicographicFamily,
  keyFamily,
  expiryFamily,
  crossFamily,
  transactionFamily,
  connectionFamily,
  scanningFamily,
].map(differentialProperty)
