import { fc, test as property } from '@fast-check/vitest'
import { expect } from 'vitest'
import { LateReads } from './late-reads.ts'

const step = fc.oneof(
  fc.record({ gap: fc.integer({ min: 0, max: 3 }), found: fc.boolean() }),
  fc.record({ excusedAgo: fc.integer({ min: -1, max: 6 }) }),
)

property.prop([fc.array(step, { maxLength: 30 })], { seed: 20261127, numRuns: 400 })(
  'counts the reads that were over before anything began that is over only later',
  (steps) => {
    const late = new LateReads<number>()
    let model: { end: number; found: number | undefined }[] = []
    let now = 0
    for (const [place, one] of steps.entries()) {
      if ('gap' in one) {
        now += one.gap
        const found = one.found ? place : undefined
        late.add(now, found)
        model.push({ end: now, found })
      } else {
        const began = now - one.excusedAgo
        late.excuse(began)
        model = model.filter(({ end }) => end < began)
      }
      expect(late.reads).toBe(model.length)
      expect(late.found()).toEqual(model.flatMap(({ found }) => found ?? []))
    }
  },
)
