import { exactly, missing } from './figure.ts'
import type { Metric } from './metric.ts'
import { sampleOf } from './sample.ts'
import { appClasses, sumOf, totalOf } from './tally-sums.ts'

/** Bytes are counted over the whole measured time, and so are the operations they are shared among. */
export const bytesPerOperation: Metric = {
  name: 'bytes_per_operation',
  unit: 'bytes',
  better: 'less',
  layer: 'cache',
  needs: 'tallies',
  head: 'bytes/op',
  summary: 'Bytes on the wire to and from the cache for each operation of the application.',
  leavesFaultsOut: false,
  needsGenerator: false,
  measure({ cells }) {
    const counted = cells.filter(({ wire }) => wire !== undefined)
    const app = appClasses(sampleOf(counted))
    const started = totalOf(app) - sumOf(app, ({ unstarted }) => unstarted)
    if (started === 0) return missing('bytes were not counted')
    return exactly(counted.reduce((sum, { wire }) => sum + wire!.bytesOut + wire!.bytesIn, 0) / started)
  },
}
