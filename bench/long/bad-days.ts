import { join } from 'node:path'
import { createChance } from '../../src/runtime/chance.ts'
import { SCENARIOS } from './bad-days/registry.ts'
import type { Finding, Scenario } from './bad-days/scenario.ts'
import { Stage } from './bad-days/stage.ts'

/** How one scenario ended. */
export interface BadDay {
  readonly scenario: string
  readonly ok: boolean
  readonly seconds: number
  readonly findings: readonly Finding[]
}

export interface BadDaysOptions {
  readonly seed?: number
  /** Names with commas between them; all unless told. */
  readonly only?: string
  /** Plays so many of a hundred, drawn by the seed. */
  readonly percent?: number
  /** Keeps what the runs wrote in this folder, one a scenario. */
  readonly keep?: string
  readonly resume?: readonly BadDay[] | undefined
  progress(days: readonly BadDay[], line?: string): void
}

/**
 * The bar: what was once said wrongly on a bad day is said rightly, by the program as it is built and on servers that
 * are really in trouble. `npm run long -- bad-days [--only NAME,NAME] [--percent N] [--keep DIR] [--seed N]`; one is over in a
 * minute or two, all of them in less than 15.
 */
export async function run(options: BadDaysOptions) {
  const { seed = 1 } = options
  const days: BadDay[] = [...(options.resume ?? [])]
  for (const scenario of chosen(options, seed)) {
    if (days.some((day) => day.scenario === scenario.name)) continue
    const day = await play(scenario, new Stage(seed, options.keep && join(options.keep, scenario.name)))
    days.push(day)
    options.progress(days, inWords(day))
  }
  return { ok: days.every(({ ok }) => ok), seed, seconds: days.reduce((sum, { seconds }) => sum + seconds, 0), days }
}

function chosen({ only, percent = 100 }: BadDaysOptions, seed: number): readonly Scenario[] {
  const names = only?.split(',') ?? SCENARIOS.map(({ name }) => name)
  const unknown = names.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name))
  if (unknown.length > 0) throw new Error(`no bad day is called ${unknown.join(', ')}; there are: ${SCENARIOS.map(({ name }) => name).join(', ')}`)
  const draws = createChance(seed).stream('bad days')
  const named = SCENARIOS.filter(({ name }) => names.includes(name))
  const drawn = new Set(
    named
      .map((scenario, index) => ({ scenario, draw: draws.uniform(index) }))
      .sort((a, b) => a.draw - b.draw)
      .slice(0, Math.ceil((named.length * percent) / 100))
      .map(({ scenario }) => scenario),
  )
  return named.filter((scenario) => drawn.has(scenario))
}

async function play(scenario: Scenario, stage: Stage): Promise<BadDay> {
  const began = performance.now()
  let findings: readonly Finding[]
  try {
    findings = await scenario.play(stage)
  } catch (error) {
    findings = [{ must: 'it can be played to its end', holds: false, seen: error instanceof Error ? error.message : String(error) }]
  } finally {
    await stage.close()
  }
  const seconds = Math.round((performance.now() - began) / 100) / 10
  return { scenario: scenario.name, ok: findings.length > 0 && findings.every(({ holds }) => holds), seconds, findings }
}

const SEEN_CHARACTERS = 300

function inWords({ scenario, ok, seconds, findings }: BadDay): string {
  const broken = findings.filter(({ holds }) => !holds)
  const seen = broken.map((one) => `\n      must: ${one.must}\n      seen: ${one.seen.slice(0, SEEN_CHARACTERS)}`).join('')
  return `${ok ? 'ok  ' : 'FAIL'}  ${scenario}: ${findings.length - broken.length} of ${findings.length} hold (${seconds} s)${seen}`
}
