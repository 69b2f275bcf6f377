// What one command costs in the Redis engine, fed in-process: lookup, checks, the command, the reply object.
// Writes bench/results/engine.json. Run: npm run bench -- engine
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Bench } from 'tinybench'
import { findRedisProfile } from '../src/engine/redis/profiles.ts'
import { createRedisEngine } from '../src/engine/redis/redis-engine.ts'
import type { Command } from '../src/protocol/command.ts'

const KEYS = 100_000
/** Commands per sample: one alone is too short to time. */
const BATCH = 1000

let state = 1
const draw = (below: number) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return Math.floor((state / 0x100000000) * below)
}

function filled() {
  const engine = createRedisEngine(findRedisProfile('redis')!, {
    sink: { reply: () => {}, push: () => {}, close: () => {} },
    wallMicros: () => 1_700_000_000_000_000,
    chance: { uint32: () => draw(0x100000000), uniform: () => draw(0x100000000) / 0x100000000 },
  })
  engine.connect(1)
  const value = new Uint8Array(100)
  for (let i = 0; i < KEYS; i++) engine.feed(1, ['SET', `key:${i}`, value])
  for (let i = 0; i < KEYS; i++) engine.feed(1, ['ZADD', 'board', String(draw(1_000_000)), `player:${i}`])
  for (let i = 0; i < 1000; i++) engine.feed(1, ['HSET', `session:${i}`, 'user', '1', 'seen', '2', 'cart', '3'])
  return engine
}

const bytes = (words: readonly string[]): Command => words.map((word) => Buffer.from(word))
const value = 'v'.repeat(100)

/** As they come from a socket: every word is bytes. */
const kinds: Readonly<Record<string, () => Command>> = {
  GET: () => bytes(['GET', `key:${draw(KEYS)}`]),
  'GET miss': () => bytes(['GET', `none:${draw(KEYS)}`]),
  SET: () => bytes(['SET', `key:${draw(KEYS)}`, value]),
  'SET EX': () => bytes(['SET', `key:${draw(KEYS)}`, value, 'EX', '600']),
  GETEX: () => bytes(['GETEX', `key:${draw(KEYS)}`, 'EX', '600']),
  INCR: () => bytes(['INCR', `counter:${draw(1000)}`]),
  HGETALL: () => bytes(['HGETALL', `session:${draw(1000)}`]),
  ZINCRBY: () => bytes(['ZINCRBY', 'board', String(draw(1000)), `player:${draw(KEYS)}`]),
  ZREVRANK: () => bytes(['ZREVRANK', 'board', `player:${draw(KEYS)}`]),
  'ZREVRANGE 10': () => bytes(['ZREVRANGE', 'board', '0', '9', 'WITHSCORES']),
}

const engine = filled()
const bench = new Bench({ time: 500, warmupTime: 200 })
for (const [name, make] of Object.entries(kinds)) {
  const commands = Array.from({ length: BATCH }, make)
  bench.add(name, () => {
    for (let i = 0; i < BATCH; i++) engine.feed(1, commands[i]!)
  })
}
await bench.run()

const rows = bench.tasks.map((task) => {
  if (task.result.state !== 'completed') throw new Error(`${task.name} did not complete`)
  const nanosEach = (task.result.latency.p50 * 1e6) / BATCH
  return { command: task.name, nanosEach: Math.round(nanosEach), perSecond: Math.round(1e9 / nanosEach) }
})
console.table(rows)
const results = fileURLToPath(new URL('../../bench/results/', import.meta.url))
mkdirSync(results, { recursive: true })
writeFileSync(`${results}engine.json`, `${JSON.stringify({ keys: KEYS, rows }, null, 2)}\n`)
