import type { Stream } from '../../runtime/runtime.ts'
import { describeCount } from './describe-count.ts'
import type { KeyChooser } from './key-chooser.ts'
import { createZipfRank } from './zipf-rank.ts'

/** A new key becomes the newest every 20 operations: the 5 % of inserts of YCSB's workload D. */
const OPERATIONS_PER_NEW_KEY = 20

/**
 * What is new is what is asked for (YCSB's SkewedLatest: newest id - zipf). The keyspace is a ring: the newest key
 * moves on by one every 20 operations and takes the place of the oldest.
 */
export function createLatest(count: number, exponent: number, stream: Stream): KeyChooser {
  const rank = createZipfRank(count, exponent, stream)
  return {
    count,
    description: `latest (zipf ${exponent} behind the newest) over ${describeCount(count)}`,
    key(index, lane = 0) {
      const newest = newestKey(index, count)
      const key = newest - rank(index, lane)
      return key < 0 ? key + count : key
    },
  }
}

/** The newest key when operation `index` is made. */
export function newestKey(index: number, count: number): number {
  return Math.floor(index / OPERATIONS_PER_NEW_KEY) % count
}
