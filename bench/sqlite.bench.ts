// What a read and a write of the embedded database cost: WASM against native (libsql), in memory and in a file. The
// choice in src/database/sqlite/open-sqlite.ts rests on it. Writes bench/results/sqlite.json.
// Run: npm run bench -- sqlite
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Bench } from 'tinybench'
import { hasNativeSqlite, openNativeConnection } from '../src/database/sqlite/native-connection.ts'
import type { SqliteConnection } from '../src/database/sqlite/sqlite-connection.ts'
import { openWasmConnection } from '../src/database/sqlite/wasm-connection.ts'

const ROWS = 10_000
/** Calls per sample, so that tinybench's own cost is small against them. */
const CALLS = 100
const value = new Uint8Array(500).fill(0x78)
const folder = mkdtempSync(join(tmpdir(), 'cacheproof-bench-'))
const bench = new Bench({ name: 'sqlite', time: 500, warmupTime: 200 })
const connections: SqliteConnection[] = []
let next = 0

for (const build of hasNativeSqlite() ? (['wasm', 'native'] as const) : (['wasm'] as const)) {
  for (const place of ['memory', 'file'] as const) {
    const file = place === 'memory' ? ':memory:' : join(folder, `${build}.db`)
    const connection = build === 'wasm' ? openWasmConnection(file) : openNativeConnection(file)
    connections.push(connection)
    if (place === 'file') connection.exec(build === 'native' ? 'pragma journal_mode = wal' : 'pragma journal_mode = delete')
    connection.exec('pragma synchronous = off')
    connection.exec('create table t (key text primary key, version integer not null, writer integer not null, value blob not null) without rowid')
    connection.exec('begin')
    const insert = connection.prepare('insert into t (key, version, writer, value) values (?, 1, 0, ?)')
    for (let row = 0; row < ROWS; row++) insert.first(`key:${row}`, value)
    connection.exec('commit')
    const read = connection.prepare('select version, writer, value from t where key = ?')
    const bump = connection.prepare('update t set version = version + 1, writer = ? where key = ? returning version')
    const fill = connection.prepare('update t set value = ? where key = ?')
    bench.add(`${build}, ${place}, read`, () => {
      for (let call = 0; call < CALLS; call++) read.first(`key:${next++ % ROWS}`)
    })
    bench.add(`${build}, ${place}, write`, () => {
      for (let call = 0; call < CALLS; call++) {
        const key = `key:${next++ % ROWS}`
        connection.exec('begin immediate')
        bump.first(1, key)
        fill.first(value, key)
        connection.exec('commit')
      }
    })
  }
}

await bench.run()
for (const connection of connections) connection.close()
rmSync(folder, { recursive: true, force: true })

const microsPerCall: Record<string, number> = {}
for (const { name, result } of bench.tasks) {
  if (result.state !== 'completed') throw new Error(`${name} ended as ${result.state}`)
  microsPerCall[name] = Number(((result.latency.p50 * 1000) / CALLS).toFixed(2))
}
console.table(microsPerCall)
const results = fileURLToPath(new URL(import.meta.url.endsWith('.js') ? '../../bench/results/' : './results/', import.meta.url))
mkdirSync(results, { recursive: true })
writeFileSync(
  join(results, 'sqlite.json'),
  `${JSON.stringify({ node: process.version, rows: ROWS, valueBytes: value.length, microsPerCall }, undefined, 2)}\n`,
)
