import { readFileSync, rmSync } from 'node:fs'
import { loadavg } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { redisInfo, Stage } from './bad-days/stage.ts'

const BAR = 1.5
const SAMPLE_MILLIS = 50
/** Less than this share of the most commands in a sample is no load any more: what is read back, what is swept. */
const LOAD_SHARE = 0.05

interface Load {
  readonly name: string
  readonly rows: number
  readonly lines: (rows: number) => readonly string[]
}

/** Each makes two rows an operation and a little more; how long that takes depends on the machine. */
const LOADS: readonly Load[] = [
  {
    name: 'mix',
    rows: 4e6,
    lines: (rows) => [
      'name: mix',
      'pattern: mix',
      'keys: { count: 10k }',
      'values: { size: 100B }',
      'load: { open: { rate: 50k/s, max_in_flight: 5k } }',
      'history: full',
      `phases: [ { warm-up: 2s }, { steady: ${Math.ceil(rows / 100_000)}s } ]`,
    ],
  },
  {
    name: 'cache-aside',
    rows: 2e6,
    lines: (rows) => [
      'name: cache-aside',
      'pattern: cache-aside',
      'with: { write_ratio: 2%, missing: 0%, ttl: 10m }',
      'keys: { count: 2k }',
      'load: { open: { rate: 10k/s, max_in_flight: 5k } }',
      `phases: [ { warm-up: 2s }, { steady: ${Math.ceil(rows / 20_800)}s } ]`,
      'baseline: false',
    ],
  },
]

/** What a run of this load took of the memory, in MiB. */
interface Taken {
  readonly load: string
  readonly rows: number
  readonly underLoad: number
  readonly afterwards: number
  readonly secondsAfterwards: number
  readonly loadAverage: number
}

/**
 * The bar: while its history is put together, judged and written, a run of millions of rows takes at most 1.5 times of
 * the memory that it took while it made them. Resident memory of the process, threads included, looked at twenty times a
 * second; the load ends when the server has little to do.
 *
 * `npm run long -- history-memory [--rows N]`
 */
export async function run(options: {
  readonly rows?: number
  readonly resume?: readonly Taken[]
  progress(taken: readonly Taken[], line?: string): void
}) {
  const taken: Taken[] = [...(options.resume ?? [])]
  for (const load of LOADS) {
    if (taken.some((one) => one.load === load.name)) continue
    const one = await play(load, options.rows ?? load.rows)
    taken.push(one)
    options.progress(taken, inWords(one))
  }
  return { ok: taken.every((one) => ratioOf(one) <= BAR), bar: BAR, taken: taken.map((one) => ({ ...one, ratio: ratioOf(one) })) }
}

async function play({ name, lines }: Load, wanted: number): Promise<Taken> {
  const stage = new Stage(1)
  try {
    const server = await stage.server('redis')
    const under = stage.begin(server, ...lines(wanted))
    const samples: { readonly at: number; readonly mebibytes: number; readonly commands: number }[] = []
    let over = false
    void under.ended.then(() => {
      over = true
    })
    while (!over) {
      const mebibytes = residentMebibytes(under.pid)
      samples.push({ at: performance.now(), mebibytes, commands: await redisInfo(server, 'total_commands_processed') })
      await pause(SAMPLE_MILLIS)
    }
    const played = await under.ended
    const { rows } = played.cell.history
    const rates = samples.map(({ at, commands }, index) =>
      index === 0 ? 0 : (commands - samples[index - 1]!.commands) / (at - samples[index - 1]!.at),
    )
    const end = rates.findLastIndex((rate) => rate >= LOAD_SHARE * Math.max(...rates))
    const most = (from: number, to?: number) => Math.max(...samples.slice(from, to).map(({ mebibytes }) => mebibytes))
    return {
      load: name,
      rows,
      underLoad: most(0, end + 1),
      afterwards: most(end + 1),
      secondsAfterwards: Math.round((samples.at(-1)!.at - samples[end]!.at) / 100) / 10,
      loadAverage: loadavg()[0]!,
    }
  } finally {
    await stage.close()
    rmSync(stage.folder, { recursive: true, force: true })
  }
}

/** 0 of one that has ended. */
function residentMebibytes(pid: number): number {
  try {
    return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024)
  } catch {
    return 0
  }
}

function ratioOf({ afterwards, underLoad }: Taken): number {
  return Math.round((afterwards / underLoad) * 100) / 100
}

function inWords(one: Taken): string {
  const { load, rows, underLoad, afterwards, secondsAfterwards } = one
  return `${load}: ${rows.toLocaleString('en-US')} rows, ${underLoad} MiB under load, ${afterwards} MiB in the ${secondsAfterwards} s after it (${ratioOf(one)})`
}
