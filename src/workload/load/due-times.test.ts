import { describe, expect, test } from 'vitest'
import { createChance } from '../../runtime/chance.ts'
import { DueTimes } from './due-times.ts'
import { createPoisson } from './poisson.ts'

const poisson = () => createPoisson(10_000, createChance(7).stream('arrivals'))
/** The sum of all gaps up to each operation. */
const expected: number[] = []
for (let index = 0; index < 20_000; index++) expected.push((expected[index - 1] ?? 0) + poisson().gap(index))

describe('due times', () => {
  test('are sums of gaps, whoever asks in whatever order', () => {
    const dues = new DueTimes(poisson())
    for (const index of [0, 1, 5, 3, 4096, 4095, 4097, 19_999, 2, 8191, 8192, 8192, 12_000]) expect(dues.of(index)).toBe(expected[index])
  })

  test.each([0, 1, expected[0]!, expected[0]! + 1, expected[4096]!, expected[4096]! - 1, expected[4096]! + 1, 3e8, expected[15_000]!])(
    'tell the first operation from %d ns on, coming from anywhere',
    (nanos) => {
      const first = expected.findIndex((due) => due >= nanos)
      for (const at of [-1, 0, 10, 4096, 9000, 19_000, first, first - 1, first + 1]) {
        const dues = new DueTimes(poisson())
        if (at >= 0) dues.of(at)
        expect(dues.firstFrom(nanos)).toBe(first)
        expect(dues.of(first)).toBe(expected[first])
      }
    },
  )

  test('where several are due at once the first of them is told', () => {
    const dues = new DueTimes({ description: '', ratePerSecond: 1, gap: (index) => (index % 3 === 0 ? 10 : 0) })
    dues.of(7)
    expect(dues.firstFrom(20)).toBe(3)
    dues.of(3)
    expect(dues.firstFrom(10)).toBe(0)
  })
})
