import { describe, expect, test } from 'vitest'
import { connectionShare, laneOf, openLoopUsers } from './shares.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, number) => number)

describe('shares of the connections', () => {
  test.each([1, 2, 3, 7, 50, 64])('of %d sum up, whatever the number of instances; nobody is without one', (connections) => {
    for (let instances = 1; instances <= 64; instances++) {
      const shares = numbers(instances).map((instance) => connectionShare(connections, instance, instances))
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(Math.max(connections, instances))
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
    }
  })

  test('the users of an instance of a closed loop have a connection each', () => {
    for (const [connections, instances] of [
      [50, 1],
      [50, 3],
      [8, 8],
      [9, 4],
    ] as const) {
      for (const instance of numbers(instances)) {
        const own = numbers(connections).filter((user) => user % instances === instance)
        const share = connectionShare(connections, instance, instances)
        expect(own.map((user) => laneOf(user, instances) % share)).toEqual(numbers(share))
      }
    }
  })

  test('the users of an open loop are enough, and spread evenly', () => {
    for (const connections of [1, 2, 50, 127, 128, 129, 1000]) {
      const users = openLoopUsers(connections)
      expect(users).toBeGreaterThanOrEqual(128)
      expect(users % connections).toBe(0)
    }
    expect(openLoopUsers(1)).toBe(128)
  })
})
