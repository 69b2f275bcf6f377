import { latencyOf, mergedHistogram } from '../../measure/latency.ts'
import type { ClassMeasurement, Latency } from '../../measure/run-result.ts'

/** Due -> answered where there is a due time, else sent -> answered, of several classes together. */
export function mergedLatency(classes: readonly Pick<ClassMeasurement, 'response' | 'service'>[]): Latency | undefined {
  const known = classes.flatMap((one) => one.response ?? one.service ?? [])
  return known.length <= 1 ? known[0] : latencyOf(mergedHistogram(known))
}
