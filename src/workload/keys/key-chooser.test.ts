import { describe, expect, test } from 'vitest'
import { createBijection } from './bijection.ts'
import { createKeyChooser } from './create-key-chooser.ts'
import { createHotspot } from './hotspot.ts'
import { CONTRACT_SEED, keyChooserContract, keyStream } from './key-chooser.contract.ts'
import { createLatest, newestKey } from './latest.ts'
import { createUniform } from './uniform.ts'
import { createZipf } from './zipf.ts'
import { createZipfRank } from './zipf-rank.ts'

const zipfProbability = (exponent: number) => (rank: number, count: number) => (rank + 1) ** -exponent / harmonic(count, exponent)

for (const exponent of [0.5, 0.99, 1, 1.3]) {
  keyChooserContract({
    name: `zipf ${exponent}`,
    create: (count, stream) => createZipf(count, exponent, stream),
    probability: zipfProbability(exponent),
    rankOf: unspread(),
  })
}
keyChooserContract({
  name: 'latest 0.99',
  create: (count, stream) => createLatest(count, 0.99, stream),
  probability: zipfProbability(0.99),
  rankOf: (key, index, count) => (newestKey(index, count) - key + count) % count,
})
keyChooserContract({
  name: 'hotspot 20/80',
  create: (count, stream) => createHotspot(count, { hotKeys: 0.2, hotOperations: 0.8 }, stream),
  probability: (rank, count) => (rank < count * 0.2 ? 0.8 / (count * 0.2) : 0.2 / (count * 0.8)),
  rankOf: unspread(),
})
keyChooserContract({
  name: 'uniform',
  create: (count, stream) => createUniform(count, stream),
  probability: (_, count) => 1 / count,
  rankOf: (key) => key,
})

describe('zipf', () => {
  // facts: 12.9 % at 10^3 keys, 6.50 % at 10^6, 5.54 % at 10^7. One standard deviation at 200,000 draws is below 0.08 %.
  test.each([
    [1e3, 0.129],
    [1e6, 0.065],
    [1e7, 0.0554],
  ])('the top key of %i gets its share', (count, share) => {
    const rank = createZipfRank(count, 0.99, keyStream(3))
    let top = 0
    for (let index = 0; index < 200_000; index++) if (rank(index, 0) === 0) top++
    expect(Math.abs(top / 200_000 - share)).toBeLessThan(0.003)
  })

  test('the hottest 1 % of a million keys get 66.4 % of the operations', () => {
    const rank = createZipfRank(1e6, 0.99, keyStream(4))
    let hot = 0
    for (let index = 0; index < 200_000; index++) if (rank(index, 0) < 1e4) hot++
    expect(Math.abs(hot / 200_000 - 0.664)).toBeLessThan(0.005)
  })

  test('refuses what is no exponent', () => {
    expect(() => createZipfRank(10, 0, keyStream(1))).toThrow(RangeError)
    expect(() => createZipfRank(0, 1, keyStream(1))).toThrow(RangeError)
  })
})

describe('bijection', () => {
  test.each([1, 2, 3, 4, 5, 17, 1000, 4097])('every key of %i is reached once', (count) => {
    const bijection = createBijection(count, keyStream(count))
    const images = new Set(Array.from({ length: count }, (_, rank) => bijection.apply(rank)))
    expect(images.size).toBe(count)
    expect([...images].every((key) => Number.isInteger(key) && key >= 0 && key < count)).toBe(true)
  })

  test('neighbouring ranks do not become neighbouring keys', () => {
    const bijection = createBijection(100_000, keyStream(5))
    let neighbours = 0
    for (let rank = 1; rank < 1000; rank++) if (Math.abs(bijection.apply(rank) - bijection.apply(rank - 1)) === 1) neighbours++
    expect(neighbours).toBeLessThan(5)
  })

  test('holds beyond 32 bits', () => {
    const bijection = createBijection(2 ** 40, keyStream(6))
    const images = new Set(Array.from({ length: 1000 }, (_, rank) => bijection.apply(rank)))
    expect(images.size).toBe(1000)
    expect(Math.max(...images)).toBeGreaterThan(2 ** 38)
    expect(Math.max(...images)).toBeLessThan(2 ** 40)
  })
})

describe('createKeyChooser', () => {
  test.each([
    [{ kind: 'zipf', exponent: 0.99 }, 'zipf 0.99 over 1,000 keys'],
    [{ kind: 'uniform' }, 'uniform over 1,000 keys'],
    [{ kind: 'hotspot', hotKeys: 0.05, hotOperations: 0.9 }, '90 % of operations on 5 % of 1,000 keys'],
    [{ kind: 'latest', exponent: 1.1 }, 'latest (zipf 1.1 behind the newest) over 1,000 keys'],
  ] as const)('%o', (popularity, description) => {
    expect(createKeyChooser({ count: 1000, popularity }, keyStream(1)).description).toBe(description)
  })
})

function harmonic(count: number, exponent: number): number {
  let sum = 0
  for (let k = count; k >= 1; k--) sum += k ** -exponent
  return sum
}

/** The inverse of the spreading of ranks over keys. */
function unspread(): (key: number, index: number, count: number) => number {
  let ranks: number[] = []
  return (key, _index, count) => {
    if (ranks.length !== count) {
      const bijection = createBijection(count, keyStream(CONTRACT_SEED))
      ranks = new Array<number>(count)
      for (let rank = 0; rank < count; rank++) ranks[bijection.apply(rank)] = rank
    }
    return ranks[key]!
  }
}
