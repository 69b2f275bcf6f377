import { exactly, missing } from './figure.ts'
import type { Metric } from './metric.ts'
import { sampleOf } from './sample.ts'
import { appClasses, sumOf } from './tally-sums.ts'

const PER_OPERATIONS = 1000

export const serverProcessor: Metric = {
  name: 'server_processor',
  unit: 'nanos',
  better: 'less',
  layer: 'cache',
  needs: 'tallies',
  head: 'server time/1,000',
  summary: 'Processor time of the server for each 1,000 operations that succeeded.',
  leavesFaultsOut: false,
  needsGenerator: true,
  measure({ cells }) {
    const asked = cells.filter(({ cost }) => cost?.serverProcessorNanos !== undefined)
    if (asked.length === 0) return missing('the processor time of the server could not be read')
    const operations = sumOf(appClasses(sampleOf(asked)), ({ ok }) => ok)
    if (operations === 0) return missing('no operation succeeded')
    return exactly((asked.reduce((sum, { cost }) => sum + cost!.serverProcessorNanos!, 0) * PER_OPERATIONS) / operations)
  },
}
