import { z } from 'zod'
import type { LatencySpec } from '../../workload.ts'
import { duration } from '../fields.ts'
import { ordered } from './ordered.ts'

/** A lognormal delay, told by two of its percentiles. */
export function latencySchema(meaning: string): z.ZodType<LatencySpec, unknown> {
  return ordered(
    z.strictObject({
      median: duration({ max: '1m' }).describe('Half of the delays are shorter than this.'),
      p99: duration({ max: '10m' }).describe('One delay in a hundred is longer than this.'),
    }),
    'median',
    'p99',
  )
    .transform((given): LatencySpec => ({ medianNanos: given.median, p99Nanos: given.p99 }))
    .meta({ description: meaning, inputExamples: [{ median: '4ms', p99: '25ms' }] })
}
