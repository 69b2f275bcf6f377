import type { Stream } from '../../runtime/runtime.ts'
import { createBijection } from './bijection.ts'
import { describeCount } from './describe-count.ts'
import type { KeyChooser } from './key-chooser.ts'
import { createZipfRank } from './zipf-rank.ts'

/** Few keys get most of the operations: exact zipf, its ranks spread over the keys so that hot ones are not neighbours. */
export function createZipf(count: number, exponent: number, stream: Stream): KeyChooser {
  const rank = createZipfRank(count, exponent, stream)
  const spread = createBijection(count, stream)
  return {
    count,
    description: `zipf ${exponent} over ${describeCount(count)}`,
    key: (index, lane = 0) => spread.apply(rank(index, lane)),
  }
}
