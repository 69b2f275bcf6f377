// The keyspace: bytes a key and nanoseconds an operation, against Maps of latin1 strings, sharded so that they
// could pass 2^24 keys. Keys come as bytes, as from a socket. Writes bench/results/keyspace.json.
// Run: npm run bench -- keyspace (needs --expose-gc, which the runner gives).
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Bench } from 'tinybench'
import { HashKeyspace } from '../src/engine/redis/hash-keyspace.ts'

const KEYS = 1_000_000
const BATCH = 1000
const SHARDS = 16
const VALUE = new Uint8Array(0)

let state = 1
const draw = (below: number) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return Math.floor((state / 0x100000000) * below)
}
const keyBytes = (i: number) => Buffer.from(`user:${String(i).padStart(11, '0')}`)

interface Subject {
  insert(key: Uint8Array): void
  find(key: Uint8Array): boolean
  remove(key: Uint8Array): void
}

function hashTable(): Subject {
  const keyspace = new HashKeyspace(7)
  return {
    insert: (key) => {
      keyspace.insert(key, VALUE)
    },
    find: (key) => keyspace.find(key) >= 0,
    remove: (key) => {
      const entry = keyspace.find(key)
      if (entry >= 0) keyspace.remove(entry)
    },
  }
}

/** The smallest thing that could work: an object a key with what an entry has to hold. */
function shardedMaps(): Subject {
  const shards = Array.from({ length: SHARDS }, () => new Map<string, { value: unknown; expiry: number; clock: number }>())
  const text = (key: Uint8Array) => Buffer.prototype.latin1Slice.call(key, 0, key.length)
  const shard = (name: string) => shards[name.charCodeAt(name.length - 1) % SHARDS]!
  return {
    insert: (key) => {
      const name = text(key)
      shard(name).set(name, { value: VALUE, expiry: Number.POSITIVE_INFINITY, clock: 0 })
    },
    find: (key) => {
      const name = text(key)
      return shard(name).has(name)
    },
    remove: (key) => {
      const name = text(key)
      shard(name).delete(name)
    },
  }
}

function memory(): number {
  globalThis.gc?.()
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return heapUsed + Math.max(external, arrayBuffers)
}

const rows: { structure: string; bytesPerKey: number; insertNanos: number; findNanos: number; missNanos: number; replaceNanos: number }[] = []
for (const [structure, create] of [
  ['hash table', hashTable],
  [`${SHARDS} maps`, shardedMaps],
] as const) {
  const before = memory()
  const subject = create()
  const started = process.hrtime.bigint()
  for (let i = 0; i < KEYS; i++) subject.insert(keyBytes(i))
  const insertNanos = Number(process.hrtime.bigint() - started) / KEYS
  const bytesPerKey = Math.round((memory() - before) / KEYS)

  const present = Array.from({ length: BATCH }, () => keyBytes(draw(KEYS)))
  const absent = Array.from({ length: BATCH }, () => keyBytes(KEYS + draw(KEYS)))
  let found = 0
  const bench = new Bench({ time: 500, warmupTime: 100 })
  bench.add('find', () => {
    for (const key of present) if (subject.find(key)) found++
  })
  bench.add('miss', () => {
    for (const key of absent) if (subject.find(key)) found++
  })
  bench.add('replace', () => {
    for (const key of present) {
      subject.remove(key)
      subject.insert(key)
    }
  })
  await bench.run()
  const [findNanos, missNanos, replaceNanos] = bench.tasks.map((task) => {
    if (task.result.state !== 'completed') throw new Error(`${task.name} did not complete`)
    return Math.round((task.result.latency.p50 * 1e6) / BATCH)
  })
  if (found === 0) throw new Error('nothing was found')
  rows.push({
    structure,
    bytesPerKey,
    insertNanos: Math.round(insertNanos),
    findNanos: findNanos!,
    missNanos: missNanos!,
    replaceNanos: replaceNanos!,
  })
}
console.table(rows)
const results = fileURLToPath(new URL('../../bench/results/', import.meta.url))
mkdirSync(results, { recursive: true })
writeFileSync(`${results}keyspace.json`, `${JSON.stringify({ keys: KEYS, keyBytes: 16, rows }, null, 2)}\n`)
