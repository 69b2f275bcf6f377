import type { Stream } from '../../runtime/runtime.ts'

/** A permutation of [0, count): every integer in it is the image of exactly one. */
export interface Bijection {
  readonly count: number
  apply(rank: number): number
}

const ROUNDS = 6
/** Apart from the lanes that key choosers draw from, so that both can share a stream. */
const LANE = 2 ** 31
/** Two halves of 24 bits: 2^48 keys, more than any keyspace has. */
const MOST_HALF_BITS = 24

/**
 * A Feistel network over the smallest even power of two that holds `count`, walked along its cycle until it lands
 * inside (Black & Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002). The network is at most four times
 * as large as the range, so a walk takes four steps at most on average. `hash mod count` would not do: it merges keys.
 *
 * @param count number of keys, 1 .. 2^48
 */
export function createBijection(count: number, stream: Stream): Bijection {
  if (!Number.isSafeInteger(count) || count < 1 || count > 2 ** (2 * MOST_HALF_BITS)) {
    throw new RangeError(`a bijection needs between 1 and 2^48 keys, not ${count}`)
  }
  let halfBits = 1
  while (2 ** (2 * halfBits) < count) halfBits++
  const half = 2 ** halfBits
  const mask = half - 1
  const roundKeys = Uint32Array.from({ length: ROUNDS }, (_, round) => stream.uint32(round, LANE))

  const step = (value: number): number => {
    let left = Math.floor(value / half)
    let right = value % half
    for (let round = 0; round < ROUNDS; round++) {
      const next = left ^ (mix(right ^ roundKeys[round]!) & mask)
      left = right
      right = next
    }
    return left * half + right
  }

  return {
    count,
    apply(rank) {
      let value = step(rank)
      while (value >= count) value = step(value)
      return value
    },
  }
}

/** MurmurHash3's 32-bit finaliser. */
function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
