import { describe, expect, it } from 'vitest'
import { createRingRouting, type RingNode } from './ring-routing.ts'
import { placeKeys, routingContract } from './routing.contract.ts'
import type { NodeAddress, Routing } from './routing.ts'

const node = (port: number, weight?: number): RingNode => ({ host: '10.0.0.1', port, ...(weight !== undefined && { weight }) })
const KEYS = Array.from({ length: 20_000 }, (_, index) => `user:${index}`)

routingContract({ name: 'ring', create: createRingRouting, sizes: [1, 2, 5], consistent: true })

it('the suite would see keys move with the length of the list', () => {
  const modulo = (nodes: readonly NodeAddress[]): Routing => ({
    description: 'modulo',
    nodes,
    nodeOf: ([, key]) => Number(String(key).split(':')[1]) % nodes.length,
  })
  const three = [node(1), node(2), node(3)]
  const before = placeKeys(modulo(three))
  const after = placeKeys(modulo(three.slice(0, 2)))
  expect([...before].some(([key, port]) => port !== 3 && after.get(key) !== port)).toBe(true)
  expect(() => placeKeys({ description: 'to nobody', nodes: three, nodeOf: () => 3 })).toThrow('is on no node')
})

describe('ring routing', () => {
  it('gives every node about its share, and a heavier one more', () => {
    const counts = [0, 0, 0]
    const ring = createRingRouting([node(1), node(2), node(3, 2)])
    for (const key of KEYS) counts[ring.nodeOf(['get', key])]!++
    const shares = counts.map((count) => count / KEYS.length)
    for (const [index, wanted] of [0.25, 0.25, 0.5].entries()) expect(Math.abs(shares[index]! - wanted)).toBeLessThan(0.08)
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
