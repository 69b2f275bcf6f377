import { describe, expect, it } from 'vitest'
import { createChance } from '../../runtime/chance.ts'
import { MICROSECOND } from '../../runtime/runtime.ts'
import { describeNetwork, NetworkDelays } from './network-model.ts'

const quantile = (sorted: readonly number[], q: number): number => sorted[Math.floor(q * sorted.length)]!

describe('network model', () => {
  const stream = createChance(11).stream('network')

  function drawn(delays: NetworkDelays, client: number, command: number): { readonly request: number; readonly reply: number } {
    delays.draw(client, command)
    return { request: delays.requestNanos, reply: delays.replyNanos }
  }

  it('has the quantiles it is given, in both directions', () => {
    const delays = new NetworkDelays({ medianNanos: 100 * MICROSECOND, p99Nanos: 500 * MICROSECOND }, stream)
    for (const direction of ['request', 'reply'] as const) {
      const draws = Array.from({ length: 50_000 }, (_, index) => drawn(delays, 3, index)[direction]).sort((a, b) => a - b)
      expect(quantile(draws, 0.5) / (100 * MICROSECOND)).toBeCloseTo(1, 1)
      expect(quantile(draws, 0.99) / (500 * MICROSECOND)).toBeCloseTo(1, 1)
      expect(draws.every(Number.isInteger)).toBe(true)
    }
  })

  it('draws by client, command and direction, and nothing else', () => {
    const model = { medianNanos: 100 * MICROSECOND, p99Nanos: 500 * MICROSECOND }
    const [one, other] = [new NetworkDelays(model, stream), new NetworkDelays(model, createChance(11).stream('network'))]
    other.draw(1, 99)
    expect(drawn(one, 1, 5)).toEqual(drawn(other, 1, 5))
    const { request, reply } = drawn(one, 1, 5)
    const draws = new Set([request, reply, drawn(one, 1, 6).request, drawn(one, 2, 5).request])
    expect(draws.size).toBe(4)
  })

  it('never goes below a microsecond, and is constant when its quantiles are equal', () => {
    const short = new NetworkDelays({ medianNanos: 10, p99Nanos: 20 }, stream)
    const constant = new NetworkDelays({ medianNanos: 50 * MICROSECOND, p99Nanos: 50 * MICROSECOND }, stream)
    for (let i = 0; i < 100; i++) {
      expect(drawn(short, 0, i)).toEqual({ request: MICROSECOND, reply: MICROSECOND })
      expect(drawn(constant, 0, i)).toEqual({ request: 50 * MICROSECOND, reply: 50 * MICROSECOND })
    }
  })

  it('refuses quantiles that are none, and describes itself', () => {
    expect(() => new NetworkDelays({ medianNanos: 0, p99Nanos: 5 }, stream)).toThrow(RangeError)
    expect(() => new NetworkDelays({ medianNanos: 10, p99Nanos: 5 }, stream)).toThrow(RangeError)
    expect(describeNetwork({ medianNanos: 100_000, p99Nanos: 500_000 })).toContain('median 100 us, p99 500 us')
  })
})
