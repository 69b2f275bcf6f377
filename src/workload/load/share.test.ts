import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { IndexQueue } from './index-queue.ts'
import { numbersBelow, numbersFrom } from './numbers-apart.ts'
import { divideShare, joinShares, type Share, shareFrom, shareOfInstance } from './share.ts'

const END = 500

describe('shares of the operations', () => {
  test('whoever dies, and when: each index has one owner, and the survivors have as many', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.array(fc.nat(1000), { maxLength: 6 }), fc.nat(100), (instances, deaths, step) => {
        const alive = new Map<number, Share>(Array.from({ length: instances }, (_, instance) => [instance, shareOfInstance(instance, instances)]))
        const ofDead: number[] = []
        let from = 0
        for (const death of deaths) {
          if (alive.size === 1) break
          const dead = [...alive.keys()][death % alive.size]!
          from += step
          const share = alive.get(dead)!
          alive.delete(dead)
          ofDead.push(...numbersBelow(share.indices, from))
          const parts = divideShare(shareFrom(share, from), alive.size)
          for (const [place, heir] of [...alive.keys()].entries()) alive.set(heir, joinShares(alive.get(heir)!, parts[place]!))
        }
        const owned = [...alive.values()].flatMap(({ indices }) => numbersBelow(indices, END))
        const below = (numbers: readonly number[]) => numbers.filter((number) => number < END)
        expect([...owned, ...below(ofDead)].sort((a, b) => a - b)).toEqual(Array.from({ length: END }, (_, index) => index))
        const late = [...alive.values()].map(({ indices }) => numbersBelow(numbersFrom(indices, from), from + 10_080).length)
        expect(Math.max(...late) - Math.min(...late)).toBeLessThanOrEqual(instances * 2 ** deaths.length)
      }),
    )
  })

  test('the users of one who died are spread evenly', () => {
    const [one, other] = divideShare(shareOfInstance(2, 3), 2)
    expect(numbersBelow(one!.users, 20)).toEqual([2, 8, 14])
    expect(numbersBelow(other!.users, 20)).toEqual([5, 11, 17])
  })
})

describe('a queue of indices', () => {
  test('gives the lowest first, also of what is added later, and says what is left', () => {
    const queue = new IndexQueue([{ next: 1, step: 3 }])
    expect([queue.take(), queue.take()]).toEqual([1, 4])
    queue.add([{ next: 2, step: 6 }])
    expect(queue.next).toBe(2)
    expect([queue.take(), queue.take(), queue.take(), queue.take()]).toEqual([2, 7, 8, 10])
    expect(queue.left).toEqual([
      { next: 13, step: 3 },
      { next: 14, step: 6 },
    ])
  })
})
