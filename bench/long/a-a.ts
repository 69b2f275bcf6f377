import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { comparisonOf } from '../../src/check/comparison/comparison-of.ts'
import type { Word } from '../../src/measure/inference/contrast.ts'
import { cli } from '../../test/support/cli.ts'
import { FakeProcess } from '../../test/support/fakes/fake-process.ts'
import { readRun } from '../support/run-figures.ts'

const BLOCKS = 10
const MOST_FALSE_RUNS = 2
/** A machine that is not quiet makes the generator the bottleneck, and such blocks are not compared: those runs are no test. */
const MOST_ATTEMPTS_A_RUN = 2

const LOAD = `load: { open: { rate: 300/s } }
phases: [ { warm-up: 1s }, { steady: 3s } ]
baseline: false
`
/** The same load under two names. */
const ALIKE = ['first', 'second'].map((name) => ({
  name,
  text: `name: ${name}\npattern: cache-aside\nwith: { ttl: 2s }\nkeys: { count: 500 }\n${LOAD}`,
}))
/** Every read is one GET that finds its value. */
const READS = {
  name: 'reads',
  text: `name: reads\npattern: cache-aside\nwith: { write_ratio: 0%, missing: 0%, ttl: 10m }\nkeys: { count: 20 }\nhistory: off\n${LOAD}`,
}
const SERVICE_MILLIS = 5
const INJECTED = 1.2

/** What one run says of the figures that it tests. */
interface Told {
  readonly seed: number
  /** By figure; null where there is none. */
  readonly words: Readonly<Record<string, Word | null>>
  /** By figure: candidate to baseline, or less baseline. */
  readonly estimates: Readonly<Record<string, number | null>>
  /** Whether any figure could have had a word. */
  readonly isTest: boolean
  readonly loadAverage: number
}

interface Progress {
  readonly alike: readonly Told[]
}

/**
 * The bar: of ten runs on real servers in which nothing differs at most two have a false word, and a server that takes 20 %
 * longer is found to be worse.
 */
export async function run(options: {
  readonly rounds?: number
  readonly seed?: number
  readonly resume?: Progress | undefined
  progress(state: Progress, line?: string): void
}) {
  const { rounds = 10, seed = 1 } = options
  const alike: Told[] = [...(options.resume?.alike ?? [])]
  const isEnough = () => alike.filter(({ isTest }) => isTest).length >= rounds
  while (!isEnough() && alike.length < MOST_ATTEMPTS_A_RUN * rounds) {
    alike.push(await tellApart(ALIKE, ['local:valkey'], seed + alike.length))
    options.progress({ alike }, inWords(alike.at(-1)!))
  }
  const slower = await findSlower(seed)
  options.progress({ alike }, `${SERVICE_MILLIS * INJECTED} ms against ${SERVICE_MILLIS} ms: ${inWords(slower)}`)
  const falseRuns = alike.filter(({ words }) => Object.values(words).some(isDifference)).length
  const found = Object.values(slower.words).includes('worse') && !Object.values(slower.words).includes('better')
  return {
    ok: isEnough() && falseRuns <= MOST_FALSE_RUNS && found,
    blocks: BLOCKS,
    falseRuns,
    mostFalseRuns: MOST_FALSE_RUNS,
    alike,
    injected: INJECTED,
    slower,
  }
}

async function findSlower(seed: number): Promise<Told> {
  const servers = [SERVICE_MILLIS, SERVICE_MILLIS * INJECTED].map((millis) =>
    FakeProcess.start({ family: 'redis', behaviours: [{ serviceTime: { millis } }] }),
  )
  try {
    const urls = (await Promise.all(servers)).map(({ url }) => url)
    return await tellApart([READS], urls, seed, ['--figures', 'read.p50,read.p99'])
  } finally {
    for (const server of servers) await (await server).close()
  }
}

async function tellApart(
  workloads: readonly { readonly name: string; readonly text: string }[],
  targets: readonly string[],
  seed: number,
  flags: readonly string[] = [],
): Promise<Told> {
  const folder = mkdtempSync(join(tmpdir(), 'cacheproof-a-a-'))
  const loadAverage = loadavg()[0]!
  try {
    const files = workloads.map(({ name, text }) => {
      const file = join(folder, `${name}.yaml`)
      writeFileSync(file, text)
      return file
    })
    const out = join(folder, 'run')
    const where = targets.flatMap((url) => ['--target', url])
    const { code, all } = await cli([
      'run',
      ...files,
      ...where,
      '--blocks',
      String(BLOCKS),
      '--seed',
      String(seed),
      '--out',
      out,
      '--quiet',
      ...flags,
    ])
    // What is expected of a pattern may fail: only what was measured is asked for.
    if (code === null || ![0, 1, 4].includes(code)) throw new Error(`the run ended with ${code}: ${all}`)
    const tested = comparisonOf([{ label: 'run', result: readRun(out) }]).contrasts.filter((one) => one.tested)
    const byFigure = <Value>(pick: (one: (typeof tested)[number]) => Value) => Object.fromEntries(tested.map((one) => [one.figure, pick(one)]))
    return {
      seed,
      words: byFigure(({ contrast }) => contrast.word ?? null),
      estimates: byFigure(({ contrast }) => contrast.estimate),
      isTest: tested.some(({ contrast }) => contrast.word !== undefined),
      loadAverage,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function isDifference(word: Word | null): boolean {
  return word === 'better' || word === 'worse' || word === 'different'
}

function inWords({ seed, words, estimates, isTest }: Told): string {
  if (!isTest) return `seed ${seed}: nothing could be compared`
  const figures = Object.entries(words).map(
    ([figure, word]) => `${figure} ${word ?? 'no word'} (${estimates[figure]?.toPrecision(3) ?? 'no number'})`,
  )
  return `seed ${seed}: ${figures.join(', ')}`
}
