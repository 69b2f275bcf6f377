import type { Stream } from '../../runtime/runtime.ts'
import { createBijection } from './bijection.ts'
import { describeCount } from './describe-count.ts'
import type { KeyChooser } from './key-chooser.ts'

export interface HotspotShares {
  /** Share of the keys that is hot, 0..1; at least one key. */
  readonly hotKeys: number
  /** Share of the operations that goes to them, 0..1. */
  readonly hotOperations: number
}

/** Two levels: a share of the operations falls evenly on a share of the keys, the rest evenly on the rest. */
export function createHotspot(count: number, shares: HotspotShares, stream: Stream): KeyChooser {
  const spread = createBijection(count, stream)
  const hot = Math.min(count, Math.max(1, Math.round(count * shares.hotKeys)))
  const cold = count - hot
  return {
    count,
    description: `${percent(shares.hotOperations)} of operations on ${percent(shares.hotKeys)} of ${describeCount(count)}`,
    key(index, lane = 0) {
      const where = stream.uniform(index, 2 * lane + 1)
      const isHot = cold === 0 || stream.uniform(index, 2 * lane) < shares.hotOperations
      return spread.apply(isHot ? Math.floor(where * hot) : hot + Math.floor(where * cold))
    },
  }
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(4))} %`
}
