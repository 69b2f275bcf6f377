import { staleShare } from '../stale-share.ts'
import { checkedMissing } from './checked-field.ts'
import { exactly } from './figure.ts'
import type { Metric } from './metric.ts'

export const staleRatio: Metric = {
  name: 'stale_ratio',
  unit: 'ratio',
  better: 'less',
  layer: 'check',
  needs: 'checked history',
  checkers: ['staleness'],
  head: 'stale',
  summary: 'Reads that were stale for certain / reads whose freshness could be judged.',
  leavesFaultsOut: false,
  needsGenerator: false,
  measure(sample) {
    const checked = sample.cells.flatMap(({ staleness }) => staleness ?? [])
    const share = staleShare({
      staleReads: checked.reduce((sum, { staleReads }) => sum + staleReads, 0),
      judgedReads: checked.reduce((sum, { judgedReads }) => sum + judgedReads, 0),
    })
    return share === null ? checkedMissing(sample, 'no read could be judged') : exactly(share)
  },
}
