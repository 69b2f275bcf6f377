import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CliOutcome, isInPlainWords, startCli } from '../../../test/support/cli.ts'
import { firstLinesOf, readRun } from '../../support/run-figures.ts'
import { caseInWords, type HostileCase, PATTERNS } from './hostile-case.ts'
import { leftBehind, peakMebibytes } from './left-behind.ts'
import { startHostile } from './start-hostile.ts'

/** How a command ended at a hostile server. */
export interface HostileRun {
  readonly what: string
  readonly code: number | null
  readonly seconds: number
  readonly peakMebibytes: number
  /** The first of what was printed, as far as it is worth keeping. */
  readonly said: string
  /** What the README promises and was not so; empty, if all is well. */
  readonly broken: readonly string[]
}

/** README, "Exit codes", but for 70, which is a mistake of ours, and 130, which nobody asked for. */
const DOCUMENTED = [0, 1, 2, 3, 4]
/**
 * Nothing that a command waits for is without a bound: 5 s for an answer when it gets acquainted, 60 s where a server says that
 * it is loading, a second or ten for a command of load, 20 s for a clean-up. Several of them in a row must be over by then.
 */
const LONGEST_MILLIS = { run: 40_000, validate: 60_000, profile: 60_000 } as const
const LOADING_MILLIS = 60_000
/** What the README grants the process that cleans up after us. */
const CLEAN_WITHIN_MILLIS = 20_000
/** Ours without trouble is 150 to 250 MiB; a value of a Redis may be 512 MB. */
const MOST_MEBIBYTES = 1_200
const SAID_CHARACTERS = 300

/** Plays one case, and says what of the promises was broken. Leaves nothing, whatever the command has left. */
export async function playCase(one: HostileCase, seed: number): Promise<HostileRun> {
  const folder = mkdtempSync(join(tmpdir(), 'cacheproof-hostile-'))
  const temporary = join(folder, 'tmp')
  mkdirSync(temporary)
  const server = await startHostile(one, seed)
  try {
    const out = join(folder, 'out')
    const began = performance.now()
    const longest = LONGEST_MILLIS[one.command] + (one.kind.name === 'loading-for-ever' ? LOADING_MILLIS : 0)
    const { outcome, peak, isLate } = await played(commandOf(one, server.url, folder, out, seed), temporary, longest)
    const seconds = Math.round((performance.now() - began) / 100) / 10
    const left = await leftBehind(temporary, CLEAN_WITHIN_MILLIS)
    const broken = [
      ...(isLate ? [`not over within ${longest / 1_000} s`] : []),
      ...(isLate || DOCUMENTED.includes(outcome.code ?? -1) ? [] : [`exit code ${outcome.code}`]),
      ...(isInPlainWords(outcome) ? [] : ['not in plain words']),
      ...(peak > MOST_MEBIBYTES ? [`${peak} MiB of memory`] : []),
      ...(left.length > 0 ? [`left behind: ${left.join(', ')}`] : []),
      ...runJson(one, outcome, out),
      ...naming(one, outcome),
    ]
    return { what: caseInWords(one), code: outcome.code, seconds, peakMebibytes: peak, said: firstWords(outcome).slice(0, SAID_CHARACTERS), broken }
  } finally {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function played(args: readonly string[], temporary: string, longestMillis: number) {
  const { child, ended } = startCli(args, { ownGroup: true, env: { TMPDIR: temporary } })
  child.stdin?.end()
  let peak = 0
  let isLate = false
  const watch = setInterval(() => {
    peak = Math.max(peak, peakMebibytes(child.pid!))
  }, 50)
  const limit = setTimeout(() => {
    isLate = true
    process.kill(-child.pid!, 'SIGKILL')
  }, longestMillis)
  const outcome = await ended
  clearInterval(watch)
  clearTimeout(limit)
  return { outcome, peak, isLate }
}

function commandOf(one: HostileCase, url: string, folder: string, out: string, seed: number): readonly string[] {
  const seeded = ['--seed', String(seed)]
  if (one.command === 'validate') return ['validate', url, '--runs', '5', ...seeded]
  if (one.command === 'profile') return ['profile', url, '--client', one.client, '--time', '20ms', ...seeded]
  const file = join(folder, `${one.pattern}.yaml`)
  const load = ['keys: { count: 20 }', 'load: { open: { rate: 300/s } }', 'phases: [ { steady: 1s } ]', 'deadline: 300ms', 'baseline: false']
  writeFileSync(file, `${[`name: ${one.pattern}`, `pattern: ${one.pattern}`, ...PATTERNS[one.pattern], ...load].join('\n')}\n`)
  return ['run', file, '--target', url, '--client', one.client, '--out', out, ...seeded]
}

/** Where a run has begun there is its result, and a report of it. */
function runJson({ command }: HostileCase, { code }: CliOutcome, out: string): readonly string[] {
  if (command !== 'run' || code === null) return []
  if (!existsSync(out)) return code === 3 || code === 2 ? [] : ['no run.json']
  try {
    return readRun(out).cells.length > 0 && existsSync(join(out, 'index.html')) ? [] : ['a run without cells or without its page']
  } catch (error) {
    return [`run.json can't be read: ${(error as Error).message}`]
  }
}

function naming({ kind, command }: HostileCase, outcome: CliOutcome): readonly string[] {
  if (kind.says === undefined) return []
  // That it answers otherwise than the engine is what `validate` is asked, and names by the shortest sequence that shows it.
  if (command === 'validate' && outcome.code === 1 && outcome.stdout.includes('fails')) return []
  // `profile` has a table of commands, in which `refused` stands for what is told below it.
  const words = command === 'profile' ? outcome.all : firstWords(outcome)
  return kind.says.test(words) ? [] : [`the trouble is not named: ${kind.says}`]
}

/** An error, where there is one: it is what is read. Else what stands above the table. */
function firstWords({ stdout, stderr }: CliOutcome): string {
  const error = /^cacheproof: .*(\n {2}.*)*/m.exec(stderr)?.[0].replaceAll(/\s+/g, ' ')
  return [error, firstLinesOf(stdout)].filter((words) => words !== undefined && words !== '').join(' | ')
}
