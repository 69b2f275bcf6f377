import { measureCoverage, type Seen } from './words/coverage.ts'
import { countFalseWords, FAMILY_CONFIDENCE } from './words/false-words.ts'
import type { NoiseKind } from './words/noise.ts'
import { measurePower } from './words/power.ts'

const NOISES: readonly NoiseKind[] = ['normal', 'heavy-tailed', 'exponential']
const BLOCKS = [6, 10, 30]
const SEEDS = 3

const MOST_FALSE = 0.065
const LEAST_POWER = 0.78
const COVERED: Readonly<Record<NoiseKind, readonly [number, number]>> = {
  normal: [0.93, 0.97],
  'heavy-tailed': [0.93, 0.97],
  exponential: [0.9, 1],
}
/** Of each block with the one before: no method holds, and the documentation says by how much. */
const CORRELATION = 0.3

/** One simulation, with its bar; null bounds where there is none, only a number to be known. */
export interface Simulation {
  readonly name: string
  readonly seed: number
  readonly least: number | null
  readonly most: number | null
  /** A share. */
  measure(size: Size): number
}

export interface Size {
  readonly families: number
  readonly experiments: number
}

interface Measured {
  readonly name: string
  readonly seed: number
  readonly value: number
  readonly least: number | null
  readonly most: number | null
  readonly holds: boolean | null
}

export function simulations(seed: number): readonly Simulation[] {
  return [
    ...BLOCKS.flatMap((blocks) => NOISES.map((noise) => falseWords(noise, blocks, seed))),
    ...BLOCKS.flatMap((blocks) => [0.95, FAMILY_CONFIDENCE].map((confidence) => power(blocks, confidence, seed))),
    ...BLOCKS.flatMap((blocks) => NOISES.map((noise) => coverage(noise, blocks, seed))),
    ...BLOCKS.flatMap((blocks) => correlated(blocks, seed)),
  ]
}

function falseWords(noise: NoiseKind, blocks: number, seed: number): Simulation {
  return {
    name: `A/A families with a false word, ${noise}, ${blocks} blocks`,
    seed,
    least: null,
    most: MOST_FALSE,
    measure: ({ families }) => countFalseWords(noise, blocks, families, seed) / families,
  }
}

function power(blocks: number, confidence: number, seed: number): Simulation {
  return {
    name: `minimum detectable effect found at ${100 * confidence} %, ${blocks} blocks`,
    seed,
    least: LEAST_POWER,
    most: null,
    measure: ({ experiments }) => measurePower(blocks, confidence, experiments, seed),
  }
}

function coverage(noise: NoiseKind, blocks: number, seed: number): Simulation {
  // Six samples can't tell how far an exponential leans.
  const isJudged = noise !== 'exponential' || blocks >= 10
  const [least, most] = isJudged ? COVERED[noise] : [null, null]
  return {
    name: `95 % interval, ${noise} log-ratios, ${blocks} blocks`,
    seed,
    least,
    most,
    measure: ({ experiments }) => measureCoverage(noise, blocks, experiments, seed).covered,
  }
}

function correlated(blocks: number, seed: number): readonly Simulation[] {
  let seen: Seen | undefined
  const measure = ({ experiments }: Size) => {
    seen ??= measureCoverage('normal', blocks, experiments, seed, CORRELATION)
    return seen
  }
  const bars = { seed, least: null, most: null }
  return [
    { ...bars, name: `95 % interval, blocks correlated by ${CORRELATION}, ${blocks} blocks`, measure: (size) => measure(size).covered },
    { ...bars, name: `called drifting, blocks correlated by ${CORRELATION}, ${blocks} blocks`, measure: (size) => measure(size).drifting },
  ]
}

/**
 * The bar: words that `contrastOf` gives are as often false, and differences as often found, as it says. Three seeds; each
 * has to hold by itself.
 */
export async function run(options: {
  readonly families?: number
  readonly experiments?: number
  readonly seed?: number
  readonly resume?: readonly Measured[] | undefined
  progress(measured: readonly Measured[], line?: string): void
}) {
  const { families = 2000, experiments = 20_000, seed = 1 } = options
  const measured: Measured[] = [...(options.resume ?? [])]
  const all = Array.from({ length: SEEDS }, (_, index) => simulations(seed + index)).flat()
  for (const simulation of all.slice(measured.length)) {
    measured.push(judge(simulation, { families, experiments }))
    options.progress(measured, inWords(measured.at(-1)!))
  }
  return { ok: measured.every(({ holds }) => holds !== false), families, experiments, seeds: SEEDS, shares: bySimulation(measured) }
}

export function judge({ name, seed, least, most, measure }: Simulation, size: Size): Measured {
  const value = measure(size)
  const isJudged = least !== null || most !== null
  const holds = isJudged ? value >= (least ?? 0) && value <= (most ?? 1) : null
  return { name, seed, value, least, most, holds }
}

/** One line a simulation: what its seeds came to, and between what bounds each has to lie. */
function bySimulation(measured: readonly Measured[]): Record<string, string> {
  return Object.fromEntries(
    measured.map((first) => {
      const values = measured.filter(({ name }) => name === first.name).map(({ value }) => percent(value))
      return [first.name, [values.join(', '), barInWords(first)].filter(Boolean).join('; ')]
    }),
  )
}

function inWords({ name, seed, value, least, most, holds }: Measured): string {
  const mark = holds === true ? 'ok  ' : holds === false ? 'FAIL' : '    '
  const bar = barInWords({ least, most })
  return `${mark} seed ${seed}: ${name}: ${percent(value)}${bar && ` (${bar})`}`
}

function barInWords({ least, most }: Pick<Measured, 'least' | 'most'>): string {
  return [least !== null && `at least ${percent(least)}`, most !== null && most < 1 && `at most ${percent(most)}`].filter(Boolean).join(', ')
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
