import { describe, expect, it } from 'vitest'
import { createRingRouting, type RingNode } from './ring-routing.ts'

const node = (port: number, weight?: number): RingNode => ({ host: '10.0.0.1', port, ...(weight !== undefined && { weight }) })
const KEYS = Array.from({ length: 20_000 }, (_, index) => `user:${index}`)

describe('ring routing', () => {
  it('gives every node about its share, and a heavier one more', () => {
    const counts = [0, 0, 0]
    const ring = createRingRouting([node(1), node(2), node(3, 2)])
    for (const key of KEYS) counts[ring.nodeOf(['get', key])]!++
    const shares = counts.map((count) => count / KEYS.length)
    for (const [index, wanted] of [0.25, 0.25, 0.5].entries()) expect(Math.abs(shares[index]! - wanted)).toBeLessThan(0.08)
  })

  it('moves only the keys of a node that is gone', () => {
    const three = createRingRouting([node(1), node(2), node(3)])
    const two = createRingRouting([node(1), node(2)])
    for (const key of KEYS) {
      const before = three.nodeOf(['get', key])
      if (before !== 2) expect(two.nodeOf(['get', key])).toBe(before)
    }
  })

  it('does not depend on the order of the list, nor on how a key is written', () => {
    const nodes = [node(1), node(2), node(3)]
    const ring = createRingRouting(nodes)
    const other = createRingRouting([...nodes].reverse())
    for (const key of KEYS.slice(0, 500)) {
      expect(2 - other.nodeOf(['get', key])).toBe(ring.nodeOf(['get', key]))
      expect(ring.nodeOf(['set', Buffer.from(key), '0', '0', 'v'])).toBe(ring.nodeOf(['gat', '60', key]))
    }
    expect(ring.nodeOf(['get', 'schlüssel'])).toBe(ring.nodeOf(['get', Buffer.from('schlüssel')]))
  })

  it('sends what has no key to the first node', () => {
    const ring = createRingRouting([node(1), node(2)])
    for (const command of [['stats', 'items'], ['version'], ['flush_all'], []]) expect(ring.nodeOf(command)).toBe(0)
  })

  it('refuses what is no ring', () => {
    expect(() => createRingRouting([])).toThrow(RangeError)
    expect(() => createRingRouting([node(1, 0)])).toThrow(RangeError)
    expect(() => createRingRouting([node(1, Number.NaN)])).toThrow(RangeError)
  })
})
