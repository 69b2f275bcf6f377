import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalServer, startLocalServer } from '../../src/targets/local/local-server.ts'
import { cli } from '../../test/support/cli.ts'
import { readRun, successesPerSecond } from '../support/run-figures.ts'
import { medianOf, spreadOf } from '../support/spread-of.ts'

const CONNECTIONS = 50
const KEYS = 10_000
const VALUE_BYTES = 100
const SECONDS = 5
/** Until everything that is hot has been compiled: redis-benchmark is from the start. */
const WARM_UP_SECONDS = 2
/** What redis-benchmark is told to do, so that either of its two halves takes a second or two. */
const REQUESTS = { 1: 200_000, 16: 2_000_000 } as const

type Depth = 1 | 16
/** The least that holds, as a share of redis-benchmark's rate. */
const BARS: Readonly<Record<Depth, number>> = { 1: 1, 16: 0.5 }

const HISTORIES = ['off', 'full'] as const
type History = (typeof HISTORIES)[number]

/** One look at each: operations a second. */
interface Pair {
  readonly depth: Depth
  readonly theirs: number
  readonly ours: Readonly<Record<History, number>>
  /** Of the machine over the last minute, these processes included. */
  readonly loadAverage: number
}

/**
 * The bar: as fast as redis-benchmark with one command under way on each connection, and half as fast with sixteen, on
 * the same redis-server with as many connections, keys and bytes, taking turns. Ours is `cacheproof run` as a user calls
 * it, without a history; what the full history costs is measured beside it. redis-benchmark makes its SETs and then its
 * GETs, ours are mixed half and half, so its rate is that of both halves together. Ours carry a time to live, and what
 * comes of each is measured.
 *
 * `npm run long -- redis-benchmark [--pairs N]`
 */
export async function run(options: {
  readonly pairs?: number
  readonly resume?: readonly Pair[]
  progress(pairs: readonly Pair[], line?: string): void
}) {
  const { pairs: wanted = 7 } = options
  const pairs: Pair[] = [...(options.resume ?? [])]
  const folder = mkdtempSync(join(tmpdir(), 'cacheproof-redis-benchmark-'))
  const server = await startLocalServer({ kind: 'redis' })
  try {
    while (pairs.length < wanted * 2) {
      const depth = pairs.length % 2 === 0 ? 1 : 16
      const pair = await play(server, depth, folder, pairs.length % 4 < 2)
      pairs.push(pair)
      options.progress(pairs, inWords(pair))
    }
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const judged = ([1, 16] as const).map((depth) => judge(depth, pairs))
  return { ok: judged.every(({ ok }) => ok), server: server.version, connections: CONNECTIONS, keys: KEYS, valueBytes: VALUE_BYTES, judged, pairs }
}

/** In turn one or the other begins. */
async function play(server: LocalServer, depth: Depth, folder: string, theirsFirst: boolean): Promise<Pair> {
  let theirs = theirsFirst ? redisBenchmark(server, depth) : 0
  const off = await cacheproof(server, depth, 'off', folder)
  if (!theirsFirst) theirs = redisBenchmark(server, depth)
  const full = await cacheproof(server, depth, 'full', folder)
  return { depth, theirs, ours: { off, full }, loadAverage: loadavg()[0]! }
}

function redisBenchmark(server: LocalServer, depth: Depth): number {
  const sizes = ['-c', CONNECTIONS, '-P', depth, '-n', REQUESTS[depth], '-r', KEYS, '-d', VALUE_BYTES]
  const csv = execFileSync('redis-benchmark', ['-h', server.host, '-p', server.port, '-t', 'set,get', '--csv', ...sizes].map(String), {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [set, get] = ['SET', 'GET'].map((command) => Number(new RegExp(`^"${command}","([\\d.]+)"`, 'm').exec(csv)?.[1]))
  const rate = 2 / (1 / set! + 1 / get!)
  if (Number.isNaN(rate)) throw new Error(`redis-benchmark said: ${csv}`)
  return rate
}

async function cacheproof(server: LocalServer, depth: Depth, history: History, folder: string): Promise<number> {
  const file = join(folder, `depth-${depth}-${history}.yaml`)
  const out = join(folder, 'run')
  writeFileSync(
    file,
    `name: depth-${depth}
pattern: mix
with: { get: 50% }
keys: { count: ${KEYS}, popularity: uniform }
values: { size: ${VALUE_BYTES}B }
load: { closed: { connections: ${CONNECTIONS}, pipeline: ${depth} } }
phases: [ { warm-up: ${WARM_UP_SECONDS}s }, { steady: ${SECONDS}s } ]
history: ${history}
`,
  )
  const { code, all } = await cli(['run', file, '--target', `redis://${server.host}:${server.port}`, '--seed', '1', '--out', out, '--quiet'])
  if (code !== 0 && code !== 1 && code !== 4) throw new Error(`the run ended with ${code}: ${all}`)
  const [cell] = readRun(out).cells
  rmSync(out, { recursive: true })
  return successesPerSecond(cell!)
}

function judge(depth: Depth, pairs: readonly Pair[]) {
  const of = pairs.filter((pair) => pair.depth === depth)
  const ratios = (history: History) => of.map(({ ours, theirs }) => ours[history] / theirs)
  const [off, full] = HISTORIES.map((history) => spreadOf(ratios(history)))
  return {
    depth,
    bar: BARS[depth],
    ok: off!.median >= BARS[depth],
    ratio: off!,
    withFullHistory: full!,
    theirsPerSecond: Math.round(medianOf(of.map(({ theirs }) => theirs))),
    pairs: of.length,
  }
}

function inWords({ depth, theirs, ours, loadAverage }: Pair): string {
  const of = (rate: number) => `${Math.round(rate).toLocaleString('en-US')}/s (${(rate / theirs).toFixed(2)})`
  return `depth ${depth}: redis-benchmark ${Math.round(theirs).toLocaleString('en-US')}/s, ours ${of(ours.off)}, with the full history ${of(ours.full)}; load average ${loadAverage.toFixed(1)}`
}
