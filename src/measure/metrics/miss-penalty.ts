import type { ClassMeasurement } from '../run-result.ts'
import { exactly, missing } from './figure.ts'
import type { Metric } from './metric.ts'
import { appClasses } from './tally-sums.ts'

/** A plain hit or miss: the row was there and the cache answered. */
const isPlain = ({ name, degraded }: ClassMeasurement): boolean => !degraded && !/\babsent\b/.test(name)

export const missPenalty: Metric = {
  name: 'miss_penalty',
  unit: 'nanos',
  better: 'none',
  layer: 'cache',
  needs: 'tallies',
  head: 'miss penalty',
  summary: 'Mean response time of a read miss minus that of a read hit.',
  leavesFaultsOut: true,
  needsGenerator: true,
  measure(sample) {
    const plain = appClasses(sample).filter(isPlain)
    const hit = meanResponse(plain.filter(({ cache }) => cache === 'hit'))
    const miss = meanResponse(plain.filter(({ cache }) => cache === 'miss'))
    return hit === undefined || miss === undefined ? missing('there were not both hits and misses') : exactly(miss - hit)
  },
}

/** Mean response time of several classes together; undefined when none has one. Means of counts add up exactly. */
export function meanResponse(classes: readonly ClassMeasurement[]): number | undefined {
  let count = 0
  let total = 0
  for (const { response } of classes) {
    if (response === undefined) continue
    count += response.count
    total += response.count * response.meanNanos
  }
  return count === 0 ? undefined : total / count
}
