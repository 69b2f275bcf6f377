import { z } from 'zod'
import type { KeysSpec } from '../../workload.ts'
import { count, ratio } from '../fields.ts'
import { tagged } from './tagged.ts'

/** The largest exponent with which zipf still has a tail: at 4, 92 % of all operations go to one key. */
const exponent = (meaning: string) =>
  z
    .number()
    .gt(0)
    .max(4)
    .meta({ description: meaning, examples: [0.99, 1.2] })

const popularity = tagged(
  'the popularity',
  {
    zipf: z
      .preprocess(emptyTo(0.99), exponent('Zipf exponent over all keys: 0.99 = a few keys take most of the load; 0.6 = nearly flat.'))
      .describe('Exact Zipf with this exponent: rank k is asked for in proportion to 1 / k^exponent.'),
    uniform: z.strictObject({}).describe('Every key is as likely as every other. Written as the word: uniform.'),
    hotspot: z
      .strictObject({
        keys: ratio().prefault('1%').describe('Share of the keys that are hot.'),
        operations: ratio().prefault('90%').describe('Share of the operations that go to them.'),
      })
      .describe('A hot set takes most operations, the other keys share the rest evenly.'),
    latest: z
      .preprocess(emptyTo(0.99), exponent('Zipf exponent over keys, the newest first.'))
      .describe('The newest keys are the most popular, as in a feed.'),
  },
  { bare: ['uniform', 'zipf', 'latest', 'hotspot'], example: '{ zipf: 0.99 }' },
)

export const keysSchema = z
  .strictObject({
    count: count({ min: '1', max: '2G' }).prefault(10_000).describe('How many different keys there are.'),
    popularity: popularity
      .prefault({ zipf: 0.99 })
      .describe('Which keys are asked for how often: { zipf: 0.99 }, uniform, { hotspot: {...} } or { latest: 0.99 }.'),
  })
  .transform((keys): KeysSpec => ({ count: keys.count, popularity: resolvePopularity(keys.popularity) }))

/** `popularity: zipf`, the bare word, comes as an empty mapping. */
function emptyTo(value: number): (given: unknown) => unknown {
  return (given) => (typeof given === 'object' && given !== null && Object.keys(given).length === 0 ? value : given)
}

function resolvePopularity(given: z.output<typeof popularity>): KeysSpec['popularity'] {
  if (given.zipf !== undefined) return { kind: 'zipf', exponent: given.zipf }
  if (given.latest !== undefined) return { kind: 'latest', exponent: given.latest }
  if (given.hotspot !== undefined) return { kind: 'hotspot', hotKeys: given.hotspot.keys, hotOperations: given.hotspot.operations }
  return { kind: 'uniform' }
}
