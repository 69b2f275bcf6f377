import { expect, it } from 'vitest'
import { mergeRooms } from './merge-rooms.ts'

it('puts what is measured now in the place of what was measured before, and keeps the rest', () => {
  const merged = mergeRooms({ sweep: 1, audit: 2 }, { metrics: 3, audit: 4 })
  expect(Object.entries(merged)).toEqual([
    ['audit', 4],
    ['metrics', 3],
    ['sweep', 1],
  ])
})
