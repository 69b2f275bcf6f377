import { checkedMissing } from './checked-field.ts'
import { exactly, missing } from './figure.ts'
import type { Metric } from './metric.ts'

export const neverRead: Metric = {
  name: 'never_read',
  unit: 'ratio',
  better: 'less',
  layer: 'cache',
  needs: 'every row',
  head: 'never read',
  summary: 'Bytes that were stored in the cache and that no operation read before the next store, the delete or the end / bytes stored.',
  leavesFaultsOut: false,
  definition: 2,
  needsGenerator: false,
  measure(sample) {
    const stores = sample.cells.flatMap(({ wire }) => wire ?? [])
    const stored = stores.reduce((sum, { storedBytes }) => sum + storedBytes, 0)
    if (stored === 0) return missing('nothing was stored')
    if (stores.some(({ neverReadBytes }) => neverReadBytes === null)) return checkedMissing(sample, 'what became of stored values was not recorded')
    return exactly(stores.reduce((sum, { neverReadBytes }) => sum + neverReadBytes!, 0) / stored)
  },
}
