import type { Cost } from '../run-result.ts'
import { exactly, type Figure, missing } from './figure.ts'
import type { Sample } from './sample.ts'

/** The mean over the blocks of what a server of ours said of itself; missing where nobody was asked. */
export function meanOfCost({ cells }: Sample, field: (cost: Cost) => number | undefined): Figure {
  const values = cells.flatMap(({ cost }) => (cost ? (field(cost) ?? []) : []))
  if (values.length > 0) return exactly(values.reduce((sum, value) => sum + value, 0) / values.length)
  if (cells.every(({ role }) => role === 'baseline')) return missing('there is no cache')
  return missing('only a server that cacheproof started is asked')
}
