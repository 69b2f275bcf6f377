import { fc, test as property } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { WorstFew } from './worst-few.ts'

property.prop([fc.array(fc.integer({ min: 0, max: 8 })), fc.integer({ min: 1, max: 6 })], { seed: 20261127, numRuns: 300 })(
  'keeps the largest, of equal ones the earlier, and makes only what it keeps',
  (scores, limit) => {
    const worst = new WorstFew<number>(limit)
    let made = 0
    let kept = 0
    for (const [place, score] of scores.entries()) {
      const before = worst.values()
      worst.offer(score, () => {
        made++
        return place
      })
      if (worst.values().some((value, index) => value !== before[index])) kept++
    }
    const expected = [...scores.entries()].sort(([a, m], [b, n]) => n - m || a - b).map(([place]) => place)
    expect(worst.values()).toEqual(expected.slice(0, limit))
    expect(made).toBe(kept)
  },
)

it('keeps five unless told', () => {
  const worst = new WorstFew<number>()
  for (let score = 0; score < 9; score++) worst.offer(score, () => score)
  expect(worst.values()).toEqual([8, 7, 6, 5, 4])
})
