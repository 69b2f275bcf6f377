// What one recorded latency costs: our histogram beside hdr-histogram-js and perf_hooks, and the whole recorder
// (three histograms, counters, series) and a row of the history, as an operation pays them. Writes
// bench/results/recorder.json. Run: npm run bench -- recorder
import { mkdirSync, writeFileSync } from 'node:fs'
import { createHistogram } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { build } from 'hdr-histogram-js'
import { Bench, type Task } from 'tinybench'
import { Histogram } from '../src/measure/histogram.ts'
import type { HistoryRow } from '../src/measure/history.ts'
import { HistoryBuilder } from '../src/measure/history-builder.ts'
import { createOperationRecorder } from '../src/measure/operation-recorder.ts'

/** Records per sample: one call is too short to be timed. */
const RECORDS = 16_384

/** Latencies as a busy cache has them: 50 us to 3 ms, log-uniform; the same ones in every run. */
const latencies = Float64Array.from({ length: RECORDS }, (_, n) => Math.floor(50_000 * Math.exp(4 * ((n * 0.6180339887) % 1))))

const CLASSES = [
  { name: 'read hit', kind: 'read', cache: 'hit' },
  { name: 'read miss', kind: 'read', cache: 'miss' },
  { name: 'write', kind: 'write' },
] as const

const bench = new Bench({ name: 'recorder', time: 1000, warmupTime: 200 })

const ours = new Histogram()
bench.add('our histogram', () => {
  for (let n = 0; n < RECORDS; n++) ours.record(latencies[n]!)
})

const hdr = build({ lowestDiscernibleValue: 1000, highestTrackableValue: 3600e9, numberOfSignificantValueDigits: 3, bitBucketSize: 64 })
bench.add('hdr-histogram-js', () => {
  for (let n = 0; n < RECORDS; n++) hdr.recordValue(latencies[n]!)
})

const native = createHistogram({ lowest: 1000, highest: 3_600_000_000_000, figures: 3 })
bench.add('perf_hooks histogram', () => {
  for (let n = 0; n < RECORDS; n++) native.record(latencies[n]!)
})

const closed = createOperationRecorder({ intervalNanos: 1e9, classes: CLASSES })
let closedNow = 3e6
bench.add('recordApp, closed loop', () => {
  for (let n = 0; n < RECORDS; n++) {
    closedNow += 1000
    const began = closedNow - latencies[n]!
    closed.recordApp(n % 3, began, began, closedNow, 'ok', '')
  }
})

const open = createOperationRecorder({ intervalNanos: 1e9, classes: CLASSES })
let openNow = 4e6
bench.add('recordApp, open loop with lag', () => {
  for (let n = 0; n < RECORDS; n++) {
    openNow += 1000
    const sent = openNow - latencies[n]!
    open.recordApp(n % 3, sent - 20_000, sent, openNow, 'ok', '')
  }
})

let callsNow = 3e6
bench.add('recordCall', () => {
  for (let n = 0; n < RECORDS; n++) {
    callsNow += 1000
    closed.recordCall('cache', n & 1 ? 'get' : 'set', n & 1 ? 'read' : 'write', callsNow - latencies[n]!, callsNow, 'ok', '', 'hit')
  }
})

const rows = new HistoryBuilder(RECORDS)
const row: { -readonly [Field in keyof HistoryRow]: HistoryRow[Field] } = {
  ...{ op: 0, parent: -1, layer: 'cache', instance: 0, client: 3, key: 17, fn: 'get', outcome: 'hit', arg: Number.NaN, ret: 7, writer: 1 },
  ...{
    due: 0,
    sent: 0,
    done: 0,
    status: 'ok',
    error: '',
    node: '127.0.0.1:6379',
    attempts: 1,
    bytesOut: 40,
    bytesIn: 400,
    phase: 'steady',
    block: 0,
  },
}
bench.add('history row', () => {
  rows.clear()
  for (let n = 0; n < RECORDS; n++) {
    row.op = n
    row.fn = n & 1 ? 'get' : 'read'
    row.sent = n * 1000
    row.done = row.sent + latencies[n]!
    rows.append(row)
  }
})

await bench.run()

const measured = Object.fromEntries(bench.tasks.map((task) => [task.name, nanosPerRecord(task)]))
const medianOf = (name: string) => measured[name]!.medianNanos
const ratios = {
  'hdr-histogram-js / ours': round(medianOf('hdr-histogram-js') / medianOf('our histogram')),
  'perf_hooks / ours': round(medianOf('perf_hooks histogram') / medianOf('our histogram')),
}
console.table(measured)
console.table(ratios)
const folder = fileURLToPath(new URL('../../bench/results', import.meta.url))
mkdirSync(folder, { recursive: true })
writeFileSync(
  `${folder}/recorder.json`,
  `${JSON.stringify({ node: process.version, recordsPerSample: RECORDS, nanosPerRecord: measured, ratios }, undefined, 2)}\n`,
)

function nanosPerRecord({ name, result }: Task): { minNanos: number; medianNanos: number } {
  if (result.state !== 'completed') throw new Error(`${name}: ${result.state}`)
  const { min, p50 } = result.latency
  const nanos = (millis: number) => round((millis * 1e6) / RECORDS)
  return { minNanos: nanos(min), medianNanos: nanos(p50) }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
