import { expect, it } from 'vitest'
import { SortedSet, spanOfLex, spanOfScores } from './sorted-set.ts'

const LIMITS = { hashEntries: 512, hashValue: 64, zsetEntries: 128, zsetValue: 64 }

function draws(seed: number) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 0x100000000
  }
}

/** The plain truth: everything sorted anew. */
function sorted(model: Map<string, number>): [string, number][] {
  return [...model].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0))
}

it('keeps the order and every rank under adds, moves and removes', () => {
  const set = new SortedSet('skiplist')
  const model = new Map<string, number>()
  const draw = draws(11)
  for (let step = 0; step < 5000; step++) {
    const member = `m${Math.floor(draw() * 400)}`
    if (draw() < 0.3) expect(set.delete(member)).toBe(model.delete(member))
    else {
      const score = Math.floor(draw() * 50)
      set.set(member, score, LIMITS)
      model.set(member, score)
    }
    if (step % 500 !== 0) continue
    const order = sorted(model)
    expect(set.size).toBe(order.length)
    let node = set.order.first
    let back = set.order.last
    for (const [i, [name, score]] of order.entries()) {
      expect([node?.member, node?.score]).toEqual([name, score])
      expect(set.rank(name)).toBe(i)
      expect(set.order.at(i)?.member).toBe(name)
      node = node!.next[0]!
      const [lastName] = order[order.length - 1 - i]!
      expect(back?.member).toBe(lastName)
      back = back!.previous
    }
    expect([node, back, set.order.at(order.length), set.order.at(-1)]).toEqual([null, null, null, null])
  }
})

it('finds the ends of score and lexicographic ranges', () => {
  const draw = draws(5)
  const set = new SortedSet('skiplist')
  const model = new Map<string, number>()
  for (let i = 0; i < 200; i++) {
    const member = `m${i}`
    const score = Math.floor(draw() * 20)
    set.set(member, score, LIMITS)
    model.set(member, score)
  }
  const order = sorted(model)
  for (let i = 0; i < 300; i++) {
    const range = { min: Math.floor(draw() * 24) - 2, max: Math.floor(draw() * 24) - 2, minExclusive: draw() < 0.5, maxExclusive: draw() < 0.5 }
    const inside = order.flatMap(([, score], at) =>
      (range.minExclusive ? score > range.min : score >= range.min) && (range.maxExclusive ? score < range.max : score <= range.max) ? [at] : [],
    )
    expect(spanOfScores(set, range)).toEqual(inside.length === 0 ? undefined : { first: inside[0], last: inside.at(-1) })
  }
  const words = new SortedSet('skiplist')
  for (const word of ['a', 'b', 'bb', 'c', 'd']) words.set(word, 0, LIMITS)
  const end = (value: string, exclusive = false) => ({ infinite: 0 as const, value, exclusive })
  const low = { infinite: -1 as const, value: '', exclusive: false }
  const high = { infinite: 1 as const, value: '', exclusive: false }
  expect(spanOfLex(words, { min: low, max: high })).toEqual({ first: 0, last: 4 })
  expect(spanOfLex(words, { min: end('b', true), max: end('c') })).toEqual({ first: 2, last: 3 })
  expect(spanOfLex(words, { min: end('b'), max: end('b', true) })).toBeUndefined()
  expect(spanOfLex(words, { min: end('e'), max: high })).toBeUndefined()
})
