import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BareTimes, bareLoad } from '../../test/support/bare-client.ts'
import { cli } from '../../test/support/cli.ts'
import type { ServiceTime } from '../../test/support/fakes/behaviours/service-time.ts'
import { FakeProcess } from '../../test/support/fakes/fake-process.ts'
import { applicationClasses, readRun, responseOf, serviceOf } from '../support/run-figures.ts'
import { medianOf } from '../support/spread-of.ts'

/** What is asked of a server in one look at it. */
export interface Look {
  readonly ratePerSecond: number
  readonly seconds: number
  /** So many that hardly ever one request stands behind a slow one on its connection. */
  readonly connections: number
}

const LOOK: Look = { ratePerSecond: 1_000, seconds: 4, connections: 1_000 }
const WARM_UP_SECONDS = 0.5

export interface Server {
  readonly name: string
  readonly service: ServiceTime
  /** Percentiles that one can hold it to; the mean always is. */
  readonly percentiles: readonly number[]
}

/**
 * The 99th percentile of the second lies on the very edge between its modes, where the largest of the fast values or
 * the smallest of the slow ones is right: it is written down, and those on both sides of it are judged.
 */
const SERVERS: readonly Server[] = [
  { name: '5 ms', service: { millis: 5 }, percentiles: [50, 90, 99] },
  {
    name: '99 % 1 ms, 1 % 50 ms',
    service: {
      mix: [
        [0.99, 1],
        [0.01, 50],
      ],
    },
    percentiles: [50, 90, 98, 99.5],
  },
]
const WRITTEN_PERCENTILES = [50, 90, 98, 99, 99.5]

const headOf = ({
  ratePerSecond,
  seconds,
  connections,
}: Look) => `load: { open: { rate: ${ratePerSecond}/s, arrivals: constant, connections: ${connections} } }
phases: [ { warm-up: 1s }, { steady: ${seconds}s } ]
values: { size: 100B }
history: off
baseline: false
`
/** What is held against the bare client. Every operation that is looked at is one GET that finds its value. */
const SUBJECTS: readonly { readonly name: string; readonly workload: string; readonly class: string }[] = [
  { name: 'mix', workload: 'name: mix\npattern: mix\nwith: { get: 100% }\nkeys: { count: 100 }\n', class: 'get hit' },
  {
    name: 'cache-aside',
    workload: 'name: cache-aside\npattern: cache-aside\nwith: { write_ratio: 0%, missing: 0%, ttl: 10m }\nkeys: { count: 20 }\n',
    class: 'read hit',
  },
]

/** In milliseconds: "50", "90" ... and "mean". */
type Figures = Readonly<Record<string, number>>
export interface Measured {
  readonly response: Figures
  readonly service: Figures
}

/** What one subject measured between two looks of the bare client. */
export interface Pair {
  readonly server: string
  readonly subject: string
  readonly measured: Measured
  readonly before: Measured
  readonly after: Measured
}

/** Where the bare client itself, right before and right after, disagrees by more than this, the machine was not quiet. */
const QUIET_WITHIN = 0.01
const WITHIN = 0.02
const NEEDED_PAIRS = 3

/**
 * The bar: what `cacheproof run` says of a server of known service times is within 2 % of what a bare socket client
 * sees in the same minute. The server is a process of its own; the clients take turns; a figure counts only between
 * two looks of the bare client that agree within 1 %, and its ratio is the median over those.
 */
export async function run(options: {
  readonly rounds?: number
  readonly resume?: readonly Pair[] | undefined
  progress(pairs: readonly Pair[], line?: string): void
}) {
  const pairs: Pair[] = [...(options.resume ?? [])]
  const { rounds = 12 } = options
  const folder = mkdtempSync(join(tmpdir(), 'cacheproof-percentiles-'))
  try {
    for (let round = pairs.length / (SERVERS.length * SUBJECTS.length); round < rounds; round++) {
      const open = SERVERS.filter((server) => judge(server, pairs).some((figure) => figure.pairs < NEEDED_PAIRS))
      if (open.length === 0) break
      // Whole rounds, so that the place where to go on can be counted.
      for (const server of SERVERS) pairs.push(...(await playRound(server, LOOK, folder)))
      options.progress(pairs, `round ${round + 1}: ${SERVERS.map((server) => roundInWords(server, pairs)).join('; ')}`)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const figures = SERVERS.flatMap((server) => judge(server, pairs))
  for (const figure of figures) options.progress(pairs, figureInWords(figure))
  return {
    ok: figures.every(({ holds }) => holds === true),
    within: WITHIN,
    figures,
    edge: SERVERS.map((server) => edgeOf(server, pairs)),
    loadAverage: loadavg()[0],
    pairs,
  }
}

/** A look of the bare client, one of each subject, and of the bare client after each. */
export async function playRound(server: Server, look: Look, folder: string): Promise<readonly Pair[]> {
  const fake = await FakeProcess.start({ family: 'redis', behaviours: [{ serviceTime: server.service }] })
  const pairs: Pair[] = []
  try {
    let before = await bare(fake, look)
    for (const subject of SUBJECTS) {
      const file = join(folder, `${subject.name}.yaml`)
      const out = join(folder, 'run')
      writeFileSync(file, subject.workload + headOf(look))
      const { code, all } = await cli(['run', file, '--target', fake.url, '--seed', '1', '--out', out, '--quiet'])
      if (code === null || code > 4 || code === 2 || code === 3) throw new Error(`the run ended with ${code}: ${all}`)
      const [cell] = readRun(out).cells
      rmSync(out, { recursive: true })
      const classes = applicationClasses(cell!).filter(({ name }) => name === subject.class)
      const [response, service] = [responseOf(classes), serviceOf(classes)]
      const measured = { response: figuresOf(response), service: figuresOf(service) }
      const after = await bare(fake, look)
      pairs.push({ server: server.name, subject: subject.name, measured, before, after })
      before = after
    }
  } finally {
    await fake.close()
  }
  return pairs
}

function figuresOf(histogram: ReturnType<typeof responseOf>): Figures {
  const percentiles = WRITTEN_PERCENTILES.map((p) => [String(p), histogram.percentileNanos(p) / 1e6] as const)
  return { ...Object.fromEntries(percentiles), mean: histogram.meanNanos / 1e6, count: histogram.count }
}

async function bare(fake: FakeProcess, { ratePerSecond, seconds, connections }: Look): Promise<Measured> {
  const warmUp = Math.ceil(ratePerSecond * WARM_UP_SECONDS)
  const operations = warmUp + ratePerSecond * seconds
  const times: BareTimes = await bareLoad({ port: fake.port, family: 'redis', ratePerSecond, operations, connections })
  const figures = (all: Float64Array): Figures => {
    const sorted = all.slice(warmUp).sort()
    const percentiles = WRITTEN_PERCENTILES.map((p) => [String(p), sorted[Math.ceil((p / 100) * sorted.length) - 1]! / 1e6] as const)
    return { ...Object.fromEntries(percentiles), mean: sorted.reduce((sum, one) => sum + one, 0) / sorted.length / 1e6, count: sorted.length }
  }
  return { response: figures(times.response), service: figures(times.service) }
}

/** One figure of one subject at one server, over all quiet pairs. */
interface Judged {
  readonly server: string
  readonly subject: string
  readonly of: 'response' | 'service'
  readonly figure: string
  readonly pairs: number
  /** Ours to the bare client's; null without a quiet pair. */
  readonly ratio: number | null
  readonly bareMillis: number | null
  /** Null: too few quiet pairs to tell. */
  readonly holds: boolean | null
}

function judge(server: Server, pairs: readonly Pair[]): readonly Judged[] {
  return SUBJECTS.flatMap((subject) =>
    (['response', 'service'] as const).flatMap((of) =>
      [...server.percentiles.map(String), 'mean'].map((figure): Judged => {
        const quiet = pairs
          .filter((pair) => pair.server === server.name && pair.subject === subject.name)
          .map((pair) => ({ ours: pair.measured[of][figure]!, before: pair.before[of][figure]!, after: pair.after[of][figure]! }))
          .filter(({ before, after }) => Math.abs(Math.log(after / before)) <= QUIET_WITHIN)
        const ratio = medianOf(quiet.map(({ ours, before, after }) => (2 * ours) / (before + after)))
        const bareMillis = medianOf(quiet.map(({ before, after }) => (before + after) / 2))
        const holds = quiet.length < NEEDED_PAIRS ? null : Math.abs(ratio - 1) <= WITHIN
        return {
          server: server.name,
          subject: subject.name,
          of,
          figure,
          pairs: quiet.length,
          ratio: numberOrNull(ratio),
          bareMillis: numberOrNull(bareMillis),
          holds,
        }
      }),
    ),
  )
}

/** The 99th percentiles as they were measured, in milliseconds, where they are not judged. */
function edgeOf(server: Server, pairs: readonly Pair[]) {
  const of = pairs.filter((pair) => pair.server === server.name)
  return { server: server.name, ours: of.map(({ measured }) => measured.response['99']), bare: of.map(({ before }) => before.response['99']) }
}

function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value
}

function roundInWords(server: Server, pairs: readonly Pair[]): string {
  const figures = judge(server, pairs)
  return `${server.name}: ${figures.filter(({ pairs }) => pairs >= NEEDED_PAIRS).length} of ${figures.length} figures have their ${NEEDED_PAIRS} quiet pairs`
}

function figureInWords({ server, subject, of, figure, pairs, ratio, bareMillis, holds }: Judged): string {
  const mark = holds === true ? 'ok  ' : holds === false ? 'FAIL' : '?   '
  const name = figure === 'mean' ? figure : `p${figure}`
  const words = ratio === null ? 'no quiet pair' : `${ratio.toFixed(4)} of the bare client's ${bareMillis!.toFixed(3)} ms`
  return `${mark} ${server}, ${subject}, ${of} ${name}: ${words} (${pairs} quiet pairs)`
}
