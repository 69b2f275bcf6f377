import { z } from 'zod'
import type { ValuesSpec } from '../../workload.ts'
import { bytes, ratio } from '../fields.ts'
import { ordered } from './ordered.ts'
import { tagged } from './tagged.ts'

const size = tagged(
  'the size',
  {
    fixed: bytes({ min: '1B', max: '512MiB' }).describe('Every value has this size. Written as the size alone: 400B.'),
    lognormal: ordered(
      z.strictObject({
        median: bytes({ min: '1B', max: '512MiB' }).describe('Half of the values are smaller than this.'),
        p99: bytes({ min: '1B', max: '512MiB' }).describe('One value in a hundred is larger than this.'),
      }),
      'median',
      'p99',
    ).describe('Most values are small, a few are large: what real caches look like.'),
    uniform: ordered(
      z.strictObject({
        min: bytes({ min: '1B', max: '512MiB' }).describe('The smallest value.'),
        max: bytes({ min: '1B', max: '512MiB' }).describe('The largest value.'),
      }),
      'min',
      'max',
    ).describe('Every size between the two is as likely as every other.'),
  },
  { shorthand: 'fixed', example: '400B or { lognormal: { median: 400B, p99: 4KB } }' },
)

export const valuesSchema = z
  .strictObject({
    size: size
      .prefault({ lognormal: { median: '400B', p99: '4KB' } })
      .describe(
        "Size of a value: 400B, { lognormal: { median: 400B, p99: 4KB } } or { uniform: { min: 100B, max: 1KB } }. A key's value never changes its size.",
      ),
    compressible: ratio().prefault('50%').describe('Share of a value that repeats: 0 = random bytes, 100% = one byte over and over.'),
  })
  .transform((values): ValuesSpec => ({ size: resolveSize(values.size), compressible: values.compressible }))

function resolveSize(given: z.output<typeof size>): ValuesSpec['size'] {
  if (given.lognormal !== undefined) return { kind: 'lognormal', medianBytes: given.lognormal.median, p99Bytes: given.lognormal.p99 }
  if (given.uniform !== undefined) return { kind: 'uniform', minBytes: given.uniform.min, maxBytes: given.uniform.max }
  return { kind: 'fixed', bytes: given.fixed ?? 0 }
}
