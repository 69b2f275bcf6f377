import { describe, expect, test } from 'vitest'
import { MemoryWorld } from '../../../test/support/memory-world.ts'
import { disorderRanges, dropIncrements, type PlantedCache, resendIncrements, withPlantedCache } from '../../../test/support/planted-cache.ts'
import { createVirtualRuntime } from '../../runtime/virtual-runtime.ts'
import type { OperationResult } from '../pattern.ts'
import { findDisorder } from './find-disorder.ts'
import { leaderboard } from './leaderboard.ts'
import { PREFIX, patternContext, runOperations } from './pattern.contract.ts'

const PLAYERS = 50

async function play(options: { given?: object; wrap?: PlantedCache; operations?: number } = {}) {
  const runtime = createVirtualRuntime({ seed: 6 })
  const bed = new MemoryWorld(runtime)
  const definition = options.wrap ? withPlantedCache(leaderboard, options.wrap) : leaderboard
  const pattern = definition.create(patternContext(definition, options.given ?? {}, runtime, { keys: PLAYERS }))
  const operations = options.operations ?? 2000
  const results = await runOperations(runtime, bed, pattern, 0, operations)
  await runtime.run('verify', (task) => pattern.verify!(bed.worldOf(task, -1), operations - 1))
  return { results, bed }
}

/** Final score minus the sum of acknowledged points, by key. */
function differences(results: readonly OperationResult[], bed: MemoryWorld): number[] {
  const sums = new Map<number, number>()
  for (const { fn, key, arg, status } of results) if (fn === 'submit' && status === 'ok') sums.set(key, (sums.get(key) ?? 0) + arg!)
  return bed.probes.filter((probe) => probe.fn === 'final score').map((probe) => probe.ret! - (sums.get(probe.key) ?? 0))
}

describe('leaderboard', () => {
  test('every final score is the sum of what was acknowledged, and every player has one', async () => {
    const { results, bed } = await play()
    const found = differences(results, bed)
    expect(found).toHaveLength(PLAYERS)
    expect(found.every((difference) => difference === 0)).toBe(true)
    expect(new Set(results.map((result) => result.class))).toEqual(new Set(['submit', 'top', 'rank', 'around']))
  })

  test('ranks move, and there are ties', async () => {
    const { results, bed } = await play()
    const ranks = results.filter((result) => result.fn === 'rank' && result.key === results.find((one) => one.fn === 'rank')!.key)
    expect(new Set(ranks.map((result) => result.ret)).size).toBeGreaterThan(2)
    const scores = bed.probes.map((probe) => probe.ret)
    expect(new Set(scores).size).toBeLessThan(scores.length)
  })

  test('the top is as long as asked for, the neighbours are around the rank', async () => {
    const { results } = await play({ given: { top: 7, around: 3 } })
    const late = results.slice(1000)
    expect(new Set(late.filter((one) => one.fn === 'top').map((one) => one.ret))).toEqual(new Set([7]))
    for (const one of late.filter((around) => around.fn === 'around')) {
      expect(one.ret).toBeLessThanOrEqual(7)
      if (one.arg! >= 3 && one.arg! < PLAYERS - 4) expect(one.ret).toBeGreaterThanOrEqual(6)
    }
  })

  test('a new season begins with an empty board, the old one is kept as long as told', async () => {
    const { results, bed } = await play({ given: { season: 500, keep: '1h' }, operations: 1200 })
    expect(results.filter((one) => one.class === 'season').map((one) => one.arg)).toEqual([0, 1])
    expect([...bed.entries.keys()].sort()).toEqual([`${PREFIX}season:0`, `${PREFIX}season:1`, `${PREFIX}season:2`])
    // Boards that may be gone are not read back; of the last one each player is.
    const finals = bed.probes.filter((probe) => probe.fn === 'final score')
    expect(finals).toHaveLength(PLAYERS)
    expect(Math.min(...finals.map((probe) => probe.key))).toBe(2 * PLAYERS)
    expect(differences(results, bed).every((difference) => difference === 0)).toBe(true)
  })

  test('kept past the end, every season is read back', async () => {
    const { results, bed } = await play({ given: { season: 500 }, operations: 1200 })
    expect(bed.probes.filter((probe) => probe.fn === 'final score')).toHaveLength(3 * PLAYERS)
    expect(differences(results, bed).every((difference) => difference === 0)).toBe(true)
  })

  test('shares that do not add up are refused, in words', () => {
    const parsed = leaderboard.settings.safeParse({ shares: { submit: '60%' } })
    expect(parsed.error?.issues[0]?.message).toBe('the shares add up to 110%')
  })
})

describe('planted faults show in what the leaderboard returns', () => {
  test('increments applied twice: final scores above what was acknowledged', async () => {
    const { results, bed } = await play({ wrap: resendIncrements(50) })
    expect(differences(results, bed).some((difference) => difference > 0)).toBe(true)
    expect(differences(results, bed).every((difference) => difference >= 0)).toBe(true)
  })

  test('increments lost: final scores below', async () => {
    const { results, bed } = await play({ wrap: dropIncrements(50) })
    expect(differences(results, bed).some((difference) => difference < 0)).toBe(true)
  })

  test.each(['unsorted', 'duplicate'] as const)('a list that is %s', async (how) => {
    const { results } = await play({ wrap: disorderRanges(5, how) })
    const noticed = results.filter((one) => one.error === how)
    expect(noticed.length).toBeGreaterThan(20)
    for (const one of noticed) expect(one.class).toBe(`${one.fn} ${how}`)
  })
})

describe('findDisorder', () => {
  const list = (...entries: (readonly [string, number])[]) => entries.map(([member, score]) => ({ member, score }))
  test.each([
    [list(), undefined],
    [list(['a', 3]), undefined],
    [list(['a', 3], ['c', 2], ['b', 2], ['d', 1]), undefined],
    [list(['a', 3], ['b', 2], ['c', 2]), 'unsorted'],
    [list(['a', 1], ['b', 2]), 'unsorted'],
    [list(['a', 3], ['b', 2], ['a', 1]), 'duplicate'],
  ])('%j: %s', (members, found) => {
    expect(findDisorder(members)).toBe(found)
  })
})
