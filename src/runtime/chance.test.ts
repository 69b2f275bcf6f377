import { describe, expect, test } from 'vitest'
import { createChance, philox } from './chance.ts'

describe('philox 4x32-10', () => {
  // The known answers published with Random123.
  test.each([
    [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [[0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], 'd16cfe09 94fdcceb 5001e420 24126ea1'],
  ] as const)('counter %j key %j', (counter, key, expected) => {
    const out = new Uint32Array(4)
    philox(out, counter[0], counter[1], counter[2], counter[3], key[0], key[1])
    expect([...out].map((word) => word.toString(16).padStart(8, '0')).join(' ')).toBe(expected)
  })
})

describe('streams', () => {
  test('uniform draws fill [0, 1) evenly', () => {
    const stream = createChance(42).stream('test')
    const buckets = new Array<number>(20).fill(0)
    const draws = 100_000
    for (let index = 0; index < draws; index++) {
      const draw = stream.uniform(index)
      expect(draw >= 0 && draw < 1).toBe(true)
      buckets[Math.floor(draw * buckets.length)]!++
    }
    const expected = draws / buckets.length
    const chiSquare = buckets.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // 19 degrees of freedom: 43.8 is the 99.9 % point.
    expect(chiSquare).toBeLessThan(43.8)
  })

  test('indices beyond 2^32 and large seeds have draws of their own', () => {
    const stream = createChance(2 ** 40 + 5).stream('test')
    expect(stream.uniform(2 ** 32 + 1)).not.toBe(stream.uniform(1))
    expect(stream.uniform(1)).not.toBe(createChance(5).stream('test').uniform(1))
  })
})
