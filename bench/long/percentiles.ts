import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BareTimes, bareLoad } from '../../test/support/bare-client.ts'
import { cli } from '../../test/support/cli.ts'
import type { ServiceTime } from '../../test/support/fakes/behaviours/service-time.ts'
import { FakeProcess } from '../../test/support/fakes/fake-process.ts'
import { applicationClasses, readRun, responseOf, serviceOf } from '../support/run-figures.ts'

const RATE_PER_SECOND = 1_000
const SECONDS = 4
/** So many that hardly ever one request stands behind a slow one on its connection. */
const CONNECTIONS = 1_000
const WARM_UP_OPERATIONS = 500

interface Server {
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

const HEAD = `load: { open: { rate: ${RATE_PER_SECOND}/s, arrivals: constant, connections: ${CONNECTIONS} } }
phases: [ { warm-up: 1s }, { steady: ${SECONDS}s } ]
values: { size: 100B }
history: off
`
/** What is held against the bare client. Every operation that is looked at is one GET that finds its value. */
const SUBJECTS: readonly { readonly name: string; readonly workload: string; readonly class: string }[] = [
  { name: 'mix', workload: `name: mix\npattern: mix\nwith: { get: 100% }\nkeys: { count: 100 }\n${HEAD}`, class: 'get hit' },
  {
    name: 'cache-aside',
    workload: `name: cache-aside\npattern: cache-aside\nwith: { write_ratio: 0%, missing: 0%, ttl: 10m }\nkeys: { count: 20 }\nbaseline: false\n${HEAD}`,
    class: 'read hit',
  },
]

/** In milliseconds: "50", "90" ... and "mean". */
type Figures = Readonly<Record<string, number>>
interface Measured {
  readonly response: Figures
  readonly service: Figures
}

/** What one subject measured between two looks of the bare client. */
interface Pair {
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
      for (const server of SERVERS) pairs.push(...(await playRound(server, folder)))
      options.progress(pairs, `round ${round + 1}: ${SERVERS.map((server) => roundInWords(server, pairs)).join('; ')}`)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const figures = SERVERS.flatMap((server) => judge(server, pairs))
  for (const figure of figures) options.progress(pairs, figureInWords(figure))
  return { ok: figures.every(({ holds }) => holds === true), within: WITHIN, figures, edge: SERVERS.map((server) => edgeOf(server, pairs)), pairs }
}

async function playRound(server: Server, folder: string): Promise<readonly Pair[]> {
  const fake = await FakeProcess.start({ family: 'redis', behaviours: [{ serviceTime: server.service }] })
  const pairs: Pair[] = []
  try {
    let before = await bare(fake)
    for (const subject of SUBJECTS) {
      const file = join(folder, `${subject.name}.yaml`)
      const out = join(folder, 'run')
      writeFileSync(file, subject.workload)
      const { code, all } = await cli(['run', file, '--target', fake.url, '--seed', '1', '--out', out, '--quiet'])
      if (code === null || code > 4 || code === 2 || code === 3) throw new Error(`the run ended with ${code}: ${all}`)
      const [cell] = readRun(out).cells
      rmSync(out, { recursive: true })
      const classes = applicationClasses(cell!).filter(({ name }) => name === subject.class)
      const [response, service] = [responseOf(classes), serviceOf(classes)]
      const measured = { response: figuresOf(response), service: figuresOf(service) }
      const after = await bare(fake)
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

async function bare(fake: FakeProcess): Promise<Measured> {
  const operations = WARM_UP_OPERATIONS + RATE_PER_SECOND * SECONDS
  const times: BareTimes = await bareLoad({ port: fake.port, family: 'redis', ratePerSecond: RATE_PER_SECOND, operations, connections: CONNECTIONS })
  const figures = (all: Float64Array): Figures => {
    const sorted = all.slice(WARM_UP_OPERATIONS).sort()
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
        const ratio = median(quiet.map(({ ours, before, after }) => (2 * ours) / (before + after)))
        const bareMillis = median(quiet.map(({ before, after }) => (before + after) / 2))
        const holds = quiet.length < NEEDED_PAIRS || ratio === null ? null : Math.abs(ratio - 1) <= WITHIN
        return { server: server.name, subject: subject.name, of, figure, pairs: quiet.length, ratio, bareMillis, holds }
      }),
    ),
  )
}

/** The 99th percentiles as they were measured, in milliseconds, where they are not judged. */
function edgeOf(server: Server, pairs: readonly Pair[]) {
  const of = pairs.filter((pair) => pair.server === server.name)
  return { server: server.name, ours: of.map(({ measured }) => measured.response['99']), bare: of.map(({ before }) => before.response['99']) }
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  if (sorted.length === 0) return null
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
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
