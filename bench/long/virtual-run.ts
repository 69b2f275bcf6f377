import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { CLI, cli } from '../../test/support/cli.ts'
import { buildCommit } from '../support/other-build.ts'
import { readRun } from '../support/run-figures.ts'
import { spreadOf } from '../support/spread-of.ts'

const BLOCKS = 10
const ROUNDS = 5
/** Of the time that it took before, on two cores. */
const MOST_RATIO = 0.5

const ROWS = `
with: { write_ratio: 10%, ttl: 5s }
keys: { count: 2k, popularity: { zipf: 0.99 } }
values: { size: { lognormal: { median: 400B, p99: 4KB } } }
database: { kind: sqlite, latency: { median: 4ms, p99: 25ms }, concurrency: 64 }
load: { open: { rate: 1000/s } }
phases: [ { warm-up: auto }, { steady: 6s } ]
`
/** Nothing goes wrong in them: what a build adds to faults would be other work. */
const WORKLOADS: Readonly<Record<string, string>> = {
  'cache-aside': `pattern: cache-aside\nbaseline: true\n${ROWS}`,
  'write-through': `pattern: write-through\nbaseline: true\n${ROWS}`,
  both: `pattern: cache-aside-write-through-ttl\nbaseline: true\n${ROWS}`,
  sessions: 'pattern: session-store\nload: { open: { rate: 1000/s } }\nphases: [ { warm-up: 2s }, { steady: 6s } ]\n',
  leaderboard: 'pattern: leaderboard\nload: { open: { rate: 1000/s } }\nphases: [ { warm-up: 2s }, { steady: 6s } ]\n',
}

interface Taken {
  readonly seconds: number
  /** Of all threads. */
  readonly processorSeconds: number
}

interface Round {
  readonly now: Taken
  /** Of the build that it is compared with. */
  readonly before?: Taken
  readonly sameHistories?: boolean
  readonly loadAverage: number
}

/**
 * How long a run of many cells on virtual time takes, from the command to its report: five workloads, on two engines where
 * they apply, and the database alone, in ten blocks. With `--against COMMIT` that is built beside this tree, and the two take turns.
 *
 * `npm run long -- virtual-run [--against COMMIT] [--rounds N] [--blocks N]`
 */
export async function run(options: {
  readonly against?: string | number
  readonly rounds?: number
  readonly blocks?: number
  readonly resume?: readonly Round[]
  progress(rounds: readonly Round[], line?: string): void
}) {
  const { rounds: wanted = ROUNDS, blocks = BLOCKS } = options
  const rounds: Round[] = [...(options.resume ?? [])]
  const folder = mkdtempSync(join(tmpdir(), 'cacheproof-virtual-run-'))
  // A commit of digits alone was read as a number.
  const other = options.against === undefined ? undefined : buildCommit(String(options.against))
  try {
    while (rounds.length < wanted) {
      const order = [{ name: 'now', main: CLI }, ...(other ? [{ name: 'before', main: other.main }] : [])]
      if (rounds.length % 2 === 1) order.reverse()
      const played = new Map<string, Awaited<ReturnType<typeof play>>>()
      for (const { name, main } of order) played.set(name, await play(join(folder, name), main, blocks))
      const [now, before] = [played.get('now')!, played.get('before')]
      const round: Round = {
        now: now.taken,
        ...(before && { before: before.taken, sameHistories: now.hashes === before.hashes }),
        loadAverage: loadavg()[0]!,
      }
      rounds.push(round)
      options.progress(rounds, inWords(round))
    }
  } finally {
    other?.close()
    rmSync(folder, { recursive: true, force: true })
  }
  const compared = rounds.flatMap(({ before, now }) => (before ? [{ before, now }] : []))
  const ratios = (of: keyof Taken) => spreadOf(compared.map(({ before, now }) => now[of] / before[of]))
  return {
    ok: compared.length === 0 || ratios('seconds').median <= MOST_RATIO,
    cores: availableParallelism(),
    blocks,
    seconds: spreadOf(rounds.map(({ now }) => now.seconds)),
    processorSeconds: spreadOf(rounds.map(({ now }) => now.processorSeconds)),
    ...(compared.length > 0 && {
      mostRatio: MOST_RATIO,
      ratio: ratios('seconds'),
      processorRatio: ratios('processorSeconds'),
      sameHistories: compared.length === rounds.filter(({ sameHistories }) => sameHistories).length,
    }),
    rounds,
  }
}

async function play(folder: string, main: string, blocks: number) {
  mkdirSync(folder)
  const files = Object.entries(WORKLOADS).map(([name, text]) => {
    const file = join(folder, `${name}.yaml`)
    writeFileSync(file, `name: ${name}\n${text}`)
    return file
  })
  const used = join(folder, 'used.json')
  const watch = join(folder, 'watch.mjs')
  writeFileSync(watch, WATCH)
  const out = join(folder, 'run')
  const began = process.hrtime.bigint()
  const { code, all } = await cli(['run', ...files, '--virtual', '--seed', '7', '--blocks', String(blocks), '--out', out, '--quiet'], {
    main,
    env: { NODE_OPTIONS: `--import=${pathToFileURL(watch)}`, CACHEPROOF_BENCH_USED: used },
  })
  const seconds = Number(process.hrtime.bigint() - began) / 1e9
  if (code !== 0 && code !== 1 && code !== 4) throw new Error(`the run ended with ${code}: ${all}`)
  const { user, system } = JSON.parse(readFileSync(used, 'utf8')) as NodeJS.CpuUsage
  const hashes = readRun(out)
    .cells.map(({ id, history }) => `${id} ${history.hash}`)
    .join('\n')
  rmSync(folder, { recursive: true })
  return { taken: { seconds, processorSeconds: (user + system) / 1e6 }, hashes }
}

/** Runs in the program before its own code: at the end it says what all threads took. */
const WATCH = `import { writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
if (isMainThread) process.on('exit', () => writeFileSync(process.env.CACHEPROOF_BENCH_USED, JSON.stringify(process.cpuUsage())))
`

function inWords({ now, before, sameHistories, loadAverage }: Round): string {
  const told = ({ seconds, processorSeconds }: Taken) => `${seconds.toFixed(1)} s (${processorSeconds.toFixed(1)} s of processor time)`
  const compared =
    before && `, before ${told(before)}: ${(now.seconds / before.seconds).toFixed(3)}, ${sameHistories ? 'the same' : 'other'} histories`
  return `${told(now)}${compared ?? ''}; load average ${loadAverage.toFixed(1)}`
}
