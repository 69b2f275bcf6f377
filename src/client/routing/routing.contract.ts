import { describe, expect, test } from 'vitest'
import type { Command } from '../../protocol/command.ts'
import type { NodeAddress, Routing } from './routing.ts'

export interface RoutingSubject {
  readonly name: string
  /** Over these nodes, in this order. */
  create(nodes: readonly NodeAddress[]): Routing
  /** How many nodes it can stand in front of. */
  readonly sizes: readonly number[]
  /** Keys stay where they are when nodes they are not on come and go; where there is more than one node. */
  readonly consistent: boolean
}

const KEYS = Array.from({ length: 5_000 }, (_, index) => `user:${index}`)
const nodesOf = (count: number): NodeAddress[] => Array.from({ length: count }, (_, index) => ({ host: '10.0.0.1', port: 11_211 + index }))
/** Of both families; the same key in each. */
const commandsOf = (key: string | Uint8Array): readonly Command[] => [
  ['get', key],
  ['set', key, '0', '0', 'value'],
  ['gat', '60', key],
  ['mg', key, 'v'],
]

/** Where each key is: by address, since numbers are positions in a list. Throws where a command is sent to no node. */
export function placeKeys(routing: Routing, keys: readonly string[] = KEYS): Map<string, number> {
  return new Map(
    keys.map((key) => {
      const node = routing.nodes[routing.nodeOf(['get', key])]
      if (!node) throw new Error(`${key} is on no node`)
      return [key, node.port]
    }),
  )
}

/** The suite of every routing. */
export function routingContract({ name, create, sizes, consistent }: RoutingSubject): void {
  describe.each(sizes)(`routing contract: ${name} over %d`, (size) => {
    const nodes = nodesOf(size)

    test('has the nodes it was given, in their order', () => {
      expect(create(nodes).nodes).toEqual(nodes)
      expect(create(nodes).description).not.toBe('')
    })

    test('every key has one node of the list, and every node has keys', () => {
      const places = placeKeys(create(nodes))
      expect(new Set(places.values())).toEqual(new Set(nodes.map(({ port }) => port)))
    })

    test('a key is where it is, whatever is done with it, however it is written, whoever asks', () => {
      const routing = create(nodes)
      const other = create(nodes)
      for (const key of [...KEYS.slice(0, 300), '', 'schlüssel 🔑', '{tag}a', '{tag}b']) {
        const numbers = [...commandsOf(key), ...commandsOf(Buffer.from(key))].map((command) => routing.nodeOf(command))
        expect(new Set([...numbers, other.nodeOf(['get', key])]).size, key).toBe(1)
      }
    })

    test('what has no key has a node, too', () => {
      const routing = create(nodes)
      for (const command of [['version'], ['stats', 'items'], ['flush_all'], ['mn'], []]) expect(nodes[routing.nodeOf(command)]).toBeDefined()
    })

    if (consistent && size > 1) {
      test('a node that goes takes its keys along and no others; in whatever order the list is', () => {
        const before = placeKeys(create(nodes))
        expect(placeKeys(create([...nodes].reverse()))).toEqual(before)
        for (const gone of nodes) {
          const after = placeKeys(create(nodes.filter((node) => node !== gone)))
          expect([...before].filter(([key, port]) => port !== gone.port && after.get(key) !== port)).toEqual([])
        }
      })
    }
  })
}
