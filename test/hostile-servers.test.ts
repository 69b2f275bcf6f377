import { expect, it } from 'vitest'
import { drawCases } from '../bench/long/hostile/hostile-case.ts'
import { HOSTILE_KINDS } from '../bench/long/hostile/kinds.ts'
import { run } from '../bench/long/hostile.ts'
import { createChance } from '../src/runtime/chance.ts'

/** A few of `npm run long -- hostile`, another few with each seed, so that each change is held to some of them. */
const RUNS = 3
const SEED = 7

it('whatever a server answers, a command ends as the README says', async () => {
  const lines: string[] = []
  const { ok, runs } = await run({ runs: RUNS, seed: SEED, quick: 1, progress: (_, line) => line && lines.push(line) })
  expect(runs).toHaveLength(RUNS)
  expect(ok, lines.join('\n')).toBe(true)
})

it('every kind has its turn before any has its second, by the same seed in the same way', () => {
  const names = (wanted: number, seed: number) =>
    drawCases(wanted, createChance(seed)).map(({ kind, server, command, client }) => `${kind.name} ${server} ${command} ${client}`)
  const first = drawCases(HOSTILE_KINDS.length, createChance(1))
  expect(new Set(first.map(({ kind }) => kind.name)).size).toBe(HOSTILE_KINDS.length)
  expect(new Set(first.map(({ command }) => command))).toEqual(new Set(['run']))
  expect(names(130, 1)).toEqual(names(130, 1))
  expect(names(130, 1)).not.toEqual(names(130, 2))
  // What a bar is asked for it has, however little of it is run.
  expect(HOSTILE_KINDS.length).toBeGreaterThanOrEqual(20)
})
