import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalServer, startLocalServer } from '../../src/targets/local/local-server.ts'
import { CLI, cli } from '../../test/support/cli.ts'
import { buildCommit } from '../support/other-build.ts'
import { applicationCounts, readRun } from '../support/run-figures.ts'
import { medianOf, spreadOf } from '../support/spread-of.ts'

const SECONDS = 3
/** Offered operations a second, each a fifth above the one before. */
const RUNGS = Array.from({ length: 14 }, (_, rung) => Math.round(1.2 ** rung * 100) * 100)
/** What makes a load the one that was asked for, as the audit of a run has it. */
const MOST_LAG_NANOS = 10e6
const LEAST_SHARE = 0.95
/** A rung is out of reach when it was missed so often in a row: once may have been the machine. */
const TRIES = 2
const CLIMBS = 5

/** The highest rungs that held, and the first that did not. */
interface Climb {
  readonly now: number
  /** Of the build that it is compared with. */
  readonly before?: number
  readonly loadAverage: number
}

/**
 * What a pattern can be offered: the highest rate of an open loop of cache-aside on a real redis-server, nearly all of it
 * hits, full history, at which 99 % of the operations begin within 10 ms of when they are due and 95 % of the rate is
 * reached. With `--against COMMIT` that is built beside this tree and climbs with it, rung by rung in turn.
 *
 * `npm run long -- load-rate [--against COMMIT] [--climbs N]`
 */
export async function run(options: {
  readonly against?: string | number
  readonly climbs?: number
  readonly resume?: readonly Climb[]
  progress(climbs: readonly Climb[], line?: string): void
}) {
  const { climbs: wanted = CLIMBS } = options
  const climbs: Climb[] = [...(options.resume ?? [])]
  const folder = mkdtempSync(join(tmpdir(), 'cacheproof-load-rate-'))
  // A commit of digits alone was read as a number.
  const other = options.against === undefined ? undefined : buildCommit(String(options.against))
  const server = await startLocalServer({ kind: 'redis' })
  try {
    while (climbs.length < wanted) {
      const climb = await play(server, folder, other?.main, (line) => options.progress(climbs, line))
      climbs.push(climb)
      options.progress(climbs, inWords(climb))
    }
  } finally {
    await server.stop()
    other?.close()
    rmSync(folder, { recursive: true, force: true })
  }
  const now = spreadOf(climbs.map((climb) => climb.now))
  const compared = climbs.flatMap(({ before, now }) => (before === undefined ? [] : [{ before, ratio: now / before }]))
  return {
    // There is no bar but its own past: faster than the build it was compared with, if there was one.
    ok: compared.length === 0 || medianOf(compared.map(({ ratio }) => ratio)) >= 1,
    operationsPerSecond: now,
    ...(compared.length > 0 && { before: spreadOf(compared.map(({ before }) => before)), ratio: spreadOf(compared.map(({ ratio }) => ratio)) }),
    climbs,
  }
}

async function play(server: LocalServer, folder: string, before: string | undefined, say: (line: string) => void): Promise<Climb> {
  const climbers = [
    { name: 'now', main: CLI, reached: 0, up: true },
    ...(before === undefined ? [] : [{ name: 'before', main: before, reached: 0, up: true }]),
  ]
  for (const rate of RUNGS) {
    for (const climber of climbers.filter(({ up }) => up)) {
      climber.up = await holds(server, folder, climber.main, rate, (line) => say(`${climber.name}: ${line}`))
      if (climber.up) climber.reached = rate
    }
  }
  const [now, then] = climbers
  return { now: now!.reached, ...(then && { before: then.reached }), loadAverage: loadavg()[0]! }
}

async function holds(server: LocalServer, folder: string, main: string, rate: number, say: (line: string) => void): Promise<boolean> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const { lagNanos, share } = await offer(server, folder, main, rate)
    const held = lagNanos < MOST_LAG_NANOS && share >= LEAST_SHARE
    say(`${rate}/s: ${held ? 'holds' : 'missed'}, p99 lag ${(lagNanos / 1e6).toFixed(1)} ms, ${(100 * share).toFixed(1)} % of the rate`)
    if (held) return true
  }
  return false
}

async function offer(server: LocalServer, folder: string, main: string, rate: number) {
  const file = join(folder, `rate-${rate}.yaml`)
  const out = join(folder, 'run')
  writeFileSync(
    file,
    `name: rate-${rate}
pattern: cache-aside
with: { write_ratio: 2%, missing: 0%, ttl: 10m }
keys: { count: 2k }
values: { size: 400B }
load: { open: { rate: ${rate}/s, max_in_flight: 50k } }
phases: [ { warm-up: 2s }, { steady: ${SECONDS}s } ]
baseline: false
`,
  )
  const { code, all } = await cli(['run', file, '--target', `redis://${server.host}:${server.port}`, '--seed', '1', '--out', out, '--quiet'], {
    main,
  })
  if (code !== 0 && code !== 1 && code !== 4) throw new Error(`the run ended with ${code}: ${all}`)
  const [cell] = readRun(out).cells
  rmSync(out, { recursive: true })
  const { scheduleLagP99Nanos, offeredPerSecond } = cell!.audit
  return { lagNanos: scheduleLagP99Nanos, share: applicationCounts(cell!).ok / SECONDS / offeredPerSecond! }
}

function inWords({ now, before, loadAverage }: Climb): string {
  return `reached ${now}/s${before === undefined ? '' : `, before ${before}/s`}; load average ${loadAverage.toFixed(1)}`
}
