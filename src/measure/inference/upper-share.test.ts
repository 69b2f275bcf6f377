import { expect, it } from 'vitest'
import { upperShare } from './upper-share.ts'

const none = (observations: number) => ({ episodes: 0, events: 0, observations })

it('is 3/n at 95 %, and more in a family', () => {
  expect(upperShare(none(3000), none(3000), 0.95)).toBeCloseTo(0.001, 5)
  expect(upperShare(none(3000), none(3000), 1 - 0.05 / 8)).toBeCloseTo(5.0752 / 3000, 7)
})

it('counts observations in episodes of the size that the other side saw', () => {
  const other = { episodes: 4, events: 100, observations: 3000 }
  expect(upperShare(none(3000), other, 0.95)).toBeCloseTo(25 * 0.001, 4)
})

it('is everything where nothing was observed, and never more', () => {
  expect(upperShare(none(0), none(5), 0.95)).toBe(1)
  expect(upperShare(none(10), { episodes: 1, events: 1000, observations: 10 }, 0.95)).toBe(1)
})
