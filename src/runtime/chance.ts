import type { Chance, Stream } from './runtime.ts'

/**
 * Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): a block of four 32-bit
 * words as a function of a 128-bit counter and a 64-bit key. Counter = (index low, index high, lane, 0); key = a
 * hash of (seed, concern). Held to the published known answers in chance.test.ts.
 */
export function createChance(seed: number): Chance {
  const streams = new Map<string, Stream>()
  return {
    seed,
    stream(concern) {
      let stream = streams.get(concern)
      if (!stream) {
        stream = new PhiloxStream(hash32(concern, seed >>> 0), hash32(concern, Math.floor(seed / 2 ** 32) ^ 0x5bd1e995))
        streams.set(concern, stream)
      }
      return stream
    },
  }
}

const TWO_32 = 2 ** 32
const block = new Uint32Array(4)

class PhiloxStream implements Stream {
  readonly #key0: number
  readonly #key1: number

  constructor(key0: number, key1: number) {
    this.#key0 = key0
    this.#key1 = key1
  }

  uniform(index: number, lane = 0): number {
    philox(block, index, Math.floor(index / TWO_32), lane, 0, this.#key0, this.#key1)
    return ((block[0]! >>> 5) * 67108864 + (block[1]! >>> 6)) / 9007199254740992
  }

  uint32(index: number, lane = 0): number {
    philox(block, index, Math.floor(index / TWO_32), lane, 0, this.#key0, this.#key1)
    return block[0]!
  }
}

/** Writes the four words of one block to `out`. All arguments are taken modulo 2^32. */
export function philox(out: Uint32Array, c0: number, c1: number, c2: number, c3: number, key0: number, key1: number): void {
  let x0 = c0 >>> 0
  let x1 = c1 >>> 0
  let x2 = c2 >>> 0
  let x3 = c3 >>> 0
  let k0 = key0 >>> 0
  let k1 = key1 >>> 0
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, x0)
    const low0 = Math.imul(0xd2511f53, x0) >>> 0
    const high1 = multiplyHigh(0xcd9e8d57, x2)
    const low1 = Math.imul(0xcd9e8d57, x2) >>> 0
    x0 = (high1 ^ x1 ^ k0) >>> 0
    x1 = low1
    x2 = (high0 ^ x3 ^ k1) >>> 0
    x3 = low0
    k0 = (k0 + 0x9e3779b9) >>> 0
    k1 = (k1 + 0xbb67ae85) >>> 0
  }
  out[0] = x0
  out[1] = x1
  out[2] = x2
  out[3] = x3
}

/** High 32 bits of a 32 x 32-bit product, from 16-bit halves. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16)
  const cross = aLow * bHigh + (middle & 0xffff)
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(cross / 65536)) >>> 0
}

/** FNV-1a over the UTF-16 code units, then the MurmurHash3 finaliser. */
function hash32(text: string, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0
  return (hash ^ (hash >>> 16)) >>> 0
}
