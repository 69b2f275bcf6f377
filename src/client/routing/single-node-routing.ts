import type { NodeAddress, Routing } from './routing.ts'

/** Everything goes to the one node there is. */
export function createSingleNodeRouting(node: NodeAddress): Routing {
  return { description: 'one node', nodes: [node], nodeOf: () => 0 }
}
