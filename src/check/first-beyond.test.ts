import { fc, test as property } from '@fast-check/vitest'
import { expect } from 'vitest'
import { FirstBeyond } from './first-beyond.ts'

const thing = fc.record({ place: fc.integer({ min: 0, max: 9 }), gap: fc.integer({ min: 0, max: 2 }) })

property.prop([fc.array(thing, { maxLength: 30 })], { seed: 20261127, numRuns: 400 })('answers as a search through everything would', (things) => {
  const first = new FirstBeyond()
  let time = 0
  const all = things.map(({ place, gap }, operation) => {
    time += gap
    first.add(place, time, operation)
    return { place, time, operation }
  })
  const told = (entry: number) =>
    entry < 0 ? undefined : { place: first.placeOf(entry), time: first.timeOf(entry), operation: first.operationOf(entry) }
  for (let place = -1; place < 11; place++) expect(told(first.beyond(place))).toEqual(all.find((one) => one.place > place))
  for (let by = -1; by <= time + 1; by++) {
    const until = all.filter((one) => one.time <= by)
    // Of those that lie equally far the first.
    const furthest = until.find((one) => until.every(({ place }) => place <= one.place))
    expect(told(first.furthestBy(by))).toEqual(furthest)
  }
  // What lies no further than an earlier one is not kept.
  expect(first.length).toBe(all.filter(({ place }, index) => all.slice(0, index).every((one) => one.place < place)).length)
})
