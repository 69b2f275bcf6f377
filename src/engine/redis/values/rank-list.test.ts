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
  for (let step = 0; step < 12_000; step++) {
    // Grows to a dozen chunks, shrinks to one, grows again.
    const member = `m${Math.floor(draw() * 1500)}`
    if (draw() < (step % 6000 < 3000 ? 0.1 : 0.8)) expect(set.delete(member)).toBe(model.delete(member))
    else {
      const score = Math.floor(draw() * 50)
      set.set(member, score, LIMITS)
      model.set(member, score)
    }
    if (step % 500 !== 0) continue
    const order = sorted(model)
    expect(set.size).toBe(order.length)
    const upward: [string, number][] = []
    const downward: [string, number][] = []
    set.order.walk(0, order.length + 5, false, (node) => upward.push([node.member, node.score]))
    set.order.walk(order.length - 1, order.length + 5, true, (node) => downward.push([node.member, node.score]))
    expect(upward).toEqual(order)
    expect(downward.reverse()).toEqual(order)
    for (const [i, [name]] of order.entries()) {
      expect(set.rank(name)).toBe(i)
      expect(set.order.at(i)?.member).toBe(name)
    }
    expect([set.order.first?.member, set.order.last?.member]).toEqual([order[0]?.[0], order.at(-1)?.[0]])
    expect([set.order.at(order.length), set.order.at(-1)]).toEqual([undefined, undefined])
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
