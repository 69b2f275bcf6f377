// What one command costs in the memcached engine, fed in-process (lookup, LRU, the reply object), also where every
// set evicts, and what an item costs on the heap beside its slab page. Writes bench/results/memcached-engine.json.
// Run: npm run bench -- memcached-engine
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Bench } from 'tinybench'
import { createMemcachedEngine } from '../src/engine/memcached/memcached-engine.ts'
import { DEFAULT_MEMCACHED_PROFILE } from '../src/engine/memcached/profiles.ts'
import type { Command } from '../src/protocol/command.ts'

const KEYS = 100_000
/** Commands per sample: one alone is too short to time. */
const BATCH = 1000
const MEBIBYTE = 1024 * 1024

let state = 1
const draw = (below: number) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return Math.floor((state / 0x100000000) * below)
}

const bytes = (words: readonly string[]): Command => words.map((word) => Buffer.from(word))
const value = 'v'.repeat(100)

function filled(limitBytes: number) {
  const engine = createMemcachedEngine(DEFAULT_MEMCACHED_PROFILE, {
    sink: { reply: () => {}, push: () => {}, close: () => {} },
    wallMicros: () => 1_700_000_000_000_000,
    chance: { uint32: () => draw(0x100000000), uniform: () => draw(0x100000000) / 0x100000000 },
    maxMemoryBytes: limitBytes,
  })
  engine.connect(1)
  for (let i = 0; i < KEYS; i++) engine.feed(1, bytes(['set', `key:${i}`, '0', '0', value]))
  for (let i = 0; i < 1000; i++) engine.feed(1, ['set', `counter:${i}`, '0', '0', '1'])
  return engine
}

const heapBefore = process.memoryUsage().heapUsed
const engine = filled(256 * MEBIBYTE)
const heapBytesAnItem = Math.round((process.memoryUsage().heapUsed - heapBefore) / KEYS)
/** Room for about a tenth of the keys. */
const full = filled(2 * MEBIBYTE)

const kinds: Readonly<Record<string, { readonly on: typeof engine; make(): Command }>> = {
  get: { on: engine, make: () => bytes(['get', `key:${draw(KEYS)}`]) },
  'get miss': { on: engine, make: () => bytes(['get', `none:${draw(KEYS)}`]) },
  set: { on: engine, make: () => bytes(['set', `key:${draw(KEYS)}`, '0', '0', value]) },
  'set that evicts': { on: full, make: () => bytes(['set', `key:${draw(KEYS)}`, '0', '0', value]) },
  touch: { on: engine, make: () => bytes(['touch', `key:${draw(KEYS)}`, '600']) },
  incr: { on: engine, make: () => bytes(['incr', `counter:${draw(1000)}`, '1']) },
  'mg v t c': { on: engine, make: () => bytes(['mg', `key:${draw(KEYS)}`, 'v', 't', 'c']) },
  'ms T600': { on: engine, make: () => bytes(['ms', `key:${draw(KEYS)}`, 'T600', value]) },
}

const bench = new Bench({ time: 500, warmupTime: 200 })
for (const [name, { on, make }] of Object.entries(kinds)) {
  const commands = Array.from({ length: BATCH }, make)
  bench.add(name, () => {
    for (let i = 0; i < BATCH; i++) on.feed(1, commands[i]!)
  })
}
await bench.run()

const rows = bench.tasks.map((task) => {
  if (task.result.state !== 'completed') throw new Error(`${task.name} did not complete`)
  const nanosEach = (task.result.latency.p50 * 1e6) / BATCH
  return { command: task.name, nanosEach: Math.round(nanosEach), perSecond: Math.round(1e9 / nanosEach) }
})
console.table(rows)
console.log(`${heapBytesAnItem} bytes of heap an item, beside its chunk`)
const results = fileURLToPath(new URL('../../bench/results/', import.meta.url))
mkdirSync(results, { recursive: true })
writeFileSync(`${results}memcached-engine.json`, `${JSON.stringify({ keys: KEYS, heapBytesAnItem, rows }, null, 2)}\n`)
