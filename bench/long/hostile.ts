import { createChance } from '../../src/runtime/chance.ts'
import type { Chance } from '../../src/runtime/runtime.ts'
import { drawCases, type HostileCase } from './hostile/hostile-case.ts'
import { type HostileRun, playCase } from './hostile/play-case.ts'

const ALL = 130

export interface HostileOptions {
  readonly runs?: number
  readonly seed?: number
  /** Kinds whose name contains this. */
  readonly only?: string
  /** `run`, `validate` or `profile`. */
  readonly command?: string
  /** 1: as many of all runs as are wanted, drawn by the seed, and none that waits as long as anything is waited for. */
  readonly quick?: number
  readonly resume?: readonly HostileRun[] | undefined
  progress(runs: readonly HostileRun[], line?: string): void
}

/**
 * The bar: whatever a server answers, a command ends as the README says: by one of its exit codes, within a bound of time and of
 * memory, in plain words whose first lines name the trouble, with its report where a run has begun, and with nothing left behind.
 * `npm run long -- hostile [--runs 130] [--only KIND] [--command COMMAND] [--seed N]`; some 20 minutes.
 */
export async function run({ runs: wanted = ALL, seed = 1, only = '', command, quick = 0, resume = [], progress }: HostileOptions) {
  const runs: HostileRun[] = [...resume]
  const chance = createChance(seed)
  const drawn = drawCases(quick === 1 ? ALL : wanted, chance).filter(
    (one) => one.kind.name.includes(only) && one.command === (command ?? one.command),
  )
  const cases = quick === 1 ? quickOnes(drawn, chance).slice(0, wanted) : drawn
  for (const one of cases.slice(runs.length)) {
    const played = await playCase(one, seed)
    runs.push(played)
    progress(runs, inWords(played))
  }
  const kinds = new Set(cases.map(({ kind }) => kind.name)).size
  const codes: Record<string, number> = {}
  for (const { code } of runs) codes[String(code)] = (codes[String(code)] ?? 0) + 1
  return { ok: runs.length > 0 && runs.every(({ broken }) => broken.length === 0), seed, kinds, codes, runs }
}

function quickOnes(cases: readonly HostileCase[], chance: Chance): readonly HostileCase[] {
  const draws = chance.stream('order of hostile servers')
  return cases
    .filter(({ kind }) => kind.isPatience !== true)
    .map((one, index) => ({ one, draw: draws.uniform(index) }))
    .sort((a, b) => a.draw - b.draw)
    .map(({ one }) => one)
}

function inWords({ what, code, seconds, peakMebibytes, said, broken }: HostileRun): string {
  const end = `exit ${code}, ${seconds} s, ${peakMebibytes} MiB`
  return broken.length === 0 ? `ok    ${what}: ${end}` : `FAIL  ${what}: ${end}\n      ${broken.join('\n      ')}\n      said: ${said}`
}
