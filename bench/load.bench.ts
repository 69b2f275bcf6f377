// What an operation costs the generator itself, for both kinds of program on the one load loop: a synchronous mix and
// an async pattern, against a client that answers at once (a batch each turn of the loop), so that nothing but loop,
// program and recorder is measured. Writes bench/results/load.json. Run: npm run bench -- load
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Bench } from 'tinybench'
import { HistoryBuilder } from '../src/measure/history-builder.ts'
import { createOperationRecorder } from '../src/measure/operation-recorder.ts'
import type { Reply } from '../src/protocol/reply.ts'
import { SimpleString } from '../src/protocol/reply.ts'
import { Instance } from '../src/run/instance/instance.ts'
import { CellRecorder } from '../src/run/record/cell-recorder.ts'
import { createRealRuntime } from '../src/runtime/real-runtime.ts'
import type { Client, ReplySink, WireFacts } from '../src/target/client.ts'
import { findProgram, PROGRAMS } from '../src/workload/patterns/registry.ts'
import { parseWorkload } from '../src/workload/spec/parse-workload.ts'
import { createValueMaker } from '../src/workload/values/create-value-maker.ts'
import type { Workload } from '../src/workload/workload.ts'

/** What the cache holds: the same in every sample. */
const VALUES = new Map<string, Uint8Array>()

/** Operations per sample. */
const OPERATIONS = 20_000

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

async function run(load: Workload, withRows: boolean): Promise<void> {
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
  const counting: Client = {
    ...client,
    submit(command, token, sink) {
      if (++operations === OPERATIONS) instance.stop()
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
  await new Promise<void>((drained) => instance.start(runtime.now() + 3600e9, drained))
  runtime.close()
}

const mix = workload('mix', '{ get: 100% }')
const HITS = '{ write_ratio: 0%, missing: 0% }'
const hits = workload('cache-aside', HITS)
const behind = workload('cache-aside', HITS, BEHIND)
const bench = new Bench({ name: 'load', time: 2000, warmupTime: 500 })
bench.add('mix, history off', () => run(mix, false))
bench.add('mix, full history', () => run(mix, true))
bench.add('pattern (cache-aside, hits), history off', () => run(hits, false))
bench.add('pattern (cache-aside, hits), full history', () => run(hits, true))
bench.add('pattern in an open loop that is behind, full history', () => run(behind, true))
await bench.run()

const perOperation: Record<string, number> = {}
for (const task of bench.tasks) {
  if (task.result.state !== 'completed') throw new Error(`${task.name}: ${task.result.state}`)
  perOperation[task.name] = Math.round((task.result.latency.p50! * 1e6) / OPERATIONS)
}
console.table(Object.fromEntries(Object.entries(perOperation).map(([name, nanos]) => [name, { 'ns an operation': nanos }])))
const [mixOff, , patternOff] = Object.values(perOperation)
const folder = fileURLToPath(new URL('../../bench/results', import.meta.url))
mkdirSync(folder, { recursive: true })
writeFileSync(
  `${folder}/load.json`,
  `${JSON.stringify({ name: 'load', date: new Date().toISOString(), machine: { cpus: `${cpus().length} x ${cpus()[0]?.model.trim()}`, kernel: release(), node: process.version }, nanosPerOperation: perOperation, patternOverMix: Math.round((patternOff! / mixOff!) * 10) / 10 }, null, 2)}\n`,
)
