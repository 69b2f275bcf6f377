import { showAddress } from '../../network/address.ts'
import type { Word } from '../../protocol/command.ts'
import { memcachedKeyOf } from './memcached-key-of.ts'
import type { NodeAddress, Routing } from './routing.ts'

export interface RingNode extends NodeAddress {
  /** Share of the keys relative to the other nodes, 1 unless told. */
  readonly weight?: number
}

/** Points of a node of weight 1. With 160 the fullest of 3 nodes holds some 10 % more than its share. */
const POINTS_PER_WEIGHT = 160

/**
 * A consistent hash ring over independent memcached nodes: each node owns points on a circle of 2^32, a key
 * belongs to the next point at or after its hash, so that adding or losing one of n nodes moves about 1/n of the
 * keys. Points depend on a node's address and weight only, not on the order of the list.
 *
 * This is a ring of our own (FNV-1a with an avalanche step, 160 points per weight). It does not place keys where
 * libketama or another client would; two processes of cacheproof agree with each other, and that is what a
 * measurement needs.
 *
 * Commands without a key (`stats`, `version`, `flush_all`) go to the first node; a multi-key `get` goes to the
 * node of its first key.
 */
export function createRingRouting(nodes: readonly RingNode[]): Routing {
  if (nodes.length === 0) throw new RangeError('createRingRouting: a ring needs at least one node')
  const entries: { readonly point: number; readonly node: number; readonly name: string }[] = []
  nodes.forEach((node, index) => {
    const weight = node.weight ?? 1
    if (!(weight > 0) || weight > 1_000) throw new RangeError(`createRingRouting: a weight is above 0 and at most 1000, not ${weight}`)
    const name = showAddress(node)
    const count = Math.max(1, Math.round(weight * POINTS_PER_WEIGHT))
    for (let i = 0; i < count; i++) entries.push({ point: hashOf(`${name}#${i}`), node: index, name })
  })
  // Two nodes may share a point; the name decides, so that the order of the list does not.
  entries.sort((a, b) => a.point - b.point || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  const points = Uint32Array.from(entries, (entry) => entry.point)
  const owners = Uint16Array.from(entries, (entry) => entry.node)

  function ownerOf(key: Word): number {
    const hash = hashOf(key)
    let low = 0
    let high = points.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (points[middle]! < hash) low = middle + 1
      else high = middle
    }
    return owners[low === points.length ? 0 : low]!
  }

  return {
    description: `consistent hashing, ${POINTS_PER_WEIGHT} points a node`,
    nodes,
    nodeOf(command) {
      const key = memcachedKeyOf(command)
      return key === undefined ? 0 : ownerOf(key)
    },
  }
}

/** FNV-1a over the UTF-8 bytes with the finisher of MurmurHash3: without it, names that differ in their last byte lie close together. */
function hashOf(word: Word): number {
  let hash = 0x811c9dc5
  if (typeof word === 'string') {
    for (let i = 0; i < word.length; i++) {
      const unit = word.charCodeAt(i)
      if (unit > 0x7f) return hashOf(Buffer.from(word))
      hash = Math.imul(hash ^ unit, 0x01000193)
    }
  } else {
    for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word[i]!, 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
