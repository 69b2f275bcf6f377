// What an operation costs the generator itself, for both kinds of program on the one load loop: a synchronous mix and
// an async pattern, against a client that answers at once (a batch each turn of the loop), so that nothing but loop,
// program and recorder is measured, in processor time, which a busy machine changes least. Writes bench/results/load.json.
// Run: npm run bench -- load. To compare with another tree that was built, process by process in turn:
// node --expose-gc dist/bench/load.bench.js --against TREE "what it is"; the ratios are kept until the next comparison.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Client, ReplySink, WireFacts } from '../src/client/client.ts'
import { HistoryBuilder } from '../src/measure/history-builder.ts'
import { createOperationRecorder } from '../src/measure/operation-recorder.ts'
import type { Reply } from '../src/protocol/reply.ts'
import { SimpleString } from '../src/protocol/reply.ts'
import { LoadAudit } from '../src/run/audit/load-audit.ts'
import { Instance } from '../src/run/instance/instance.ts'
import { CellRecorder } from '../src/run/record/cell-recorder.ts'
import { createRealRuntime } from '../src/runtime/real-runtime.ts'
import { parseWorkload } from '../src/workload/file/parse-workload.ts'
import { findProgram, PROGRAMS } from '../src/workload/patterns/registry.ts'
import { createValueMaker } from '../src/workload/values/create-value-maker.ts'
import type { Workload } from '../src/workload/workload.ts'

/** What the cache holds: the same in every sample. */
const VALUES = new Map<string, Uint8Array>()

/** Operations per sample. */
const OPERATIONS = 20_000
/** Operations per sample of the audit alone. */
const AUDITED = 2_000_000
const WARM_UP_ROUNDS = 3
const ROUNDS = 9
/** Of processes, when two builds are compared. */
const PAIRS = 5

/** Answers GET with the key's value and everything else with OK, all that was submitted in a turn at its end. */
function instantClient(storedValue: (key: string) => Uint8Array, now: () => number): Client {
  const waiting: { token: number; sink: ReplySink; reply: Reply }[] = []
  const facts: WireFacts = { node: 'bench', sentNanos: 0, doneNanos: 0, attempts: 1, bytesOut: 100, bytesIn: 400 }
  let armed = false
  const answer = () => {
    armed = false
    facts.doneNanos = now()
    for (const { token, sink, reply } of waiting.splice(0)) sink.reply(token, reply, facts)
  }
  return {
    name: 'bench',
    openConnections: 1,
    submit(command, token, sink) {
      waiting.push({ token, sink, reply: command[0] === 'GET' ? storedValue(String(command[1])) : SimpleString.ok })
      if (armed) return
      armed = true
      setImmediate(answer)
    },
    close: () => Promise.resolve(),
  }
}

const CLOSED = 'closed: { connections: 64 }'
/** More is due at any instant than can be begun: as after every pause of the machine. */
const BEHIND = 'open: { rate: 1M/s, arrivals: constant, max_in_flight: 10k }'

function workload(pattern: string, settings: string, load = CLOSED): Workload {
  const parsed = parseWorkload(
    `{ name: bench, pattern: ${pattern}, with: ${settings}, keys: { count: 10k }, values: { size: 400B }, load: { ${load} }, phases: [ { steady: 1h } ], baseline: false }`,
    'bench',
    { patterns: PROGRAMS, faults: [] },
  )
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  return parsed.workload
}

/** A run on real time empties its columns into a segment, too. Were they to grow, the bench would measure pages that are new from the system. */
const FLUSHED_ROWS = 8_192

/** Processor nanoseconds of this process for an operation, its share of collecting garbage included. */
async function sample(load: Workload, withRows: boolean): Promise<number> {
  const runtime = createRealRuntime({ seed: 7 })
  const definition = findProgram(load.pattern)
  const rows = withRows ? new HistoryBuilder() : undefined
  const recorder = new CellRecorder({
    operations: createOperationRecorder({ intervalNanos: 1e9, classes: definition.classes }),
    ...(rows && { rows }),
    level: { kind: withRows ? 'full' : 'off' },
    classes: definition.classes,
    instance: 0,
    instances: 1,
    block: 0,
  })
  const maker = createValueMaker(load.values, runtime.chance.stream('values'))
  const client = instantClient((key) => {
    let value = VALUES.get(key)
    if (!value) {
      value = maker.make(Number(key.slice(key.lastIndexOf(':') + 1)), 1, 0)
      VALUES.set(key, value)
    }
    return value
  }, runtime.now)
  let operations = 0
  let nanos = 0
  const counting: Client = {
    ...client,
    submit(command, token, sink) {
      if (++operations === OPERATIONS) {
        const { user, system } = process.cpuUsage(begun)
        nanos = ((user + system) * 1000) / OPERATIONS
        instance.stop()
      }
      if (rows && rows.length >= FLUSHED_ROWS) rows.clear()
      client.submit(command, token, sink)
    },
  }
  const instance = new Instance({
    workload: load,
    runtime,
    instance: 0,
    family: 'redis',
    client: counting,
    database: undefined,
    recorder,
    keyPrefix: 'bench:',
    crashed: (error) => {
      throw error
    },
  })
  recorder.begin(runtime.now())
  const begun = process.cpuUsage()
  await new Promise<void>((drained) => instance.start(runtime.now(), runtime.now() + 3600e9, drained))
  runtime.close()
  return nanos
}

const HITS = '{ write_ratio: 0%, missing: 0% }'
const MIX = workload('mix', '{ get: 100% }')
const CASES: Readonly<Record<string, () => Promise<number>>> = {
  'mix, history off': () => sample(MIX, false),
  'mix, full history': () => sample(MIX, true),
  'pattern (cache-aside, hits), history off': () => sample(workload('cache-aside', HITS), false),
  'pattern (cache-aside, hits), full history': () => sample(workload('cache-aside', HITS), true),
  'pattern in an open loop that is behind, full history': () => sample(workload('cache-aside', HITS, BEHIND), true),
}

/** Of the audit alone, which every operation of a load loop passes through: what it costs over a load without it. */
function auditNanos(): number {
  const audit = new LoadAudit({ originNanos: 0, lateNanos: 1e7 })
  const begun = process.cpuUsage()
  for (let operation = 0; operation < AUDITED; operation++) audit.began(operation * 1e4, operation * 1e4 + 50)
  const { user, system } = process.cpuUsage(begun)
  return ((user + system) * 1000) / AUDITED
}

type Figures = Record<string, number>

/** Each case in turn, round by round; the medians. The first rounds warm up. */
async function measure(): Promise<Figures> {
  const samples = new Map(Object.keys(CASES).map((name) => [name, [] as number[]]))
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    for (const [name, take] of Object.entries(CASES)) {
      const nanos = await take()
      if (round >= 0) samples.get(name)!.push(nanos)
    }
  }
  return Object.fromEntries([...samples].map(([name, taken]) => [name, median(taken)]))
}

/** Processes of the other build and of this one in turn: the medians of the ratios, above 1 where this one takes less. */
function compare(other: string): Figures {
  const once = (file: string) =>
    JSON.parse(execFileSync(process.execPath, ['--expose-gc', file, '--once'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })) as Figures
  const ratios = new Map(Object.keys(CASES).map((name) => [name, [] as number[]]))
  for (let pair = 0; pair < PAIRS; pair++) {
    const before = once(join(other, 'dist', 'bench', 'load.bench.js'))
    const after = once(fileURLToPath(import.meta.url))
    for (const [name, taken] of ratios) taken.push(before[name]! / after[name]!)
  }
  return Object.fromEntries([...ratios].map(([name, taken]) => [name, Math.round(median(taken) * 100) / 100]))
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!
}

if (process.argv[2] === '--once') {
  console.log(JSON.stringify(await measure()))
} else {
  const file = fileURLToPath(new URL('../../bench/results/load.json', import.meta.url))
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { against?: unknown }) : {}
  const [, , flag, other, what = 'another build'] = process.argv
  const against = flag === '--against' && other !== undefined ? { what, date: new Date().toISOString(), timesFaster: compare(other) } : kept.against
  const figures = await measure()
  const nanosPerOperation = Object.fromEntries(Object.entries(figures).map(([name, nanos]) => [name, Math.round(nanos)]))
  console.table(Object.fromEntries(Object.entries(nanosPerOperation).map(([name, nanos]) => [name, { 'processor ns an operation': nanos }])))
  const audit = median(Array.from({ length: ROUNDS }, auditNanos))
  const [mixOff, , patternOff, pattern, behind] = Object.values(figures)
  const ratios = {
    patternOverMix: Math.round((patternOff! / mixOff!) * 10) / 10,
    behindOverClosed: Math.round((behind! / pattern!) * 10) / 10,
    auditShareOfMix: Math.round((audit / mixOff!) * 1000) / 1000,
  }
  console.table(against === undefined ? ratios : { ...ratios, ...(against as { timesFaster: Figures }).timesFaster })
  const machine = { cpus: `${cpus().length} x ${cpus()[0]?.model.trim()}`, kernel: release(), node: process.version }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(
    file,
    `${JSON.stringify({ name: 'load', date: new Date().toISOString(), machine, processorNanosPerOperation: nanosPerOperation, ...ratios, against }, null, 2)}\n`,
  )
}
