import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createRealRuntime } from '../../runtime/real-runtime.ts'
import { databaseContract } from '../database.contract.ts'
import type { Database, DatabaseResult, Row } from '../database.ts'
import { hasNativeSqlite } from './native-connection.ts'
import { openSqlite } from './open-sqlite.ts'

const folder = mkdtempSync(join(tmpdir(), 'cacheproof-sqlite-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const freshFile = (): string => join(folder, `${files++}.db`)
const builds = hasNativeSqlite() ? (['wasm', 'native'] as const) : (['wasm'] as const)

function open(url: string, shared = false) {
  const runtime = createRealRuntime({ seed: 1 })
  return { runtime, database: openSqlite(url, { runtime, table: 'cacheproof_test', shared }), cleanUp: () => runtime.close() }
}

for (const build of builds) {
  databaseContract(`sqlite ${build}, in memory`, async () => open(`sqlite+${build}:`))
  databaseContract(`sqlite ${build}, in a file`, async () => open(`sqlite+${build}:${freshFile()}`))

  describe(`sqlite ${build}, shared`, () => {
    const write = (database: Database, key: string): Promise<DatabaseResult<Row>> =>
      new Promise((resolve) => database.write(key, 1, (version) => new Uint8Array([version]), resolve))

    test('several connections write the same row, and none is lost', async () => {
      const owner = open(`sqlite+${build}:`, true)
      await owner.database.load([{ key: 'a', value: new Uint8Array(1) }])
      const guests = [1, 2].map(() => open(owner.database.attachUrl!))
      const all = await Promise.all([owner, ...guests].flatMap(({ database }) => Array.from({ length: 20 }, () => write(database, 'a'))))
      const versions = all.map((result) => (result.status === 'ok' ? result.value.version : result.failure.message))
      expect(versions.toSorted((left, right) => Number(left) - Number(right))).toEqual(Array.from({ length: 60 }, (_, index) => index + 2))
      for (const guest of guests) await guest.database.close()
      // A guest's leaving takes nothing away.
      expect(await write(owner.database, 'a')).toMatchObject({ status: 'ok', value: { version: 62 } })
      const file = owner.database.attachUrl!.replace(/^[^:]*:/, '')
      expect(existsSync(file)).toBe(true)
      await owner.database.close()
      expect(existsSync(dirname(file))).toBe(false)
      for (const { cleanUp } of [owner, ...guests]) cleanUp()
    })

    test('a process killed inside a transaction holds nobody up, and leaves nothing half done', async () => {
      const owner = open(`sqlite+${build}:`, true)
      await owner.database.load([{ key: 'a', value: new Uint8Array(1) }])
      const file = owner.database.attachUrl!.replace(/^[^:]*:/, '')
      const victim = spawn(process.execPath, ['--input-type=module', '-e', VICTIM[build], file], {
        cwd: process.cwd(),
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await once(victim.stdout, 'data')
      victim.kill('SIGKILL')
      await once(victim, 'exit')
      if (build === 'wasm') {
        // As old as a lock must be to count as left behind; waiting for that would only make the test slow.
        const before = Date.now() / 1000 - 60
        utimesSync(`${file}.lock`, before, before)
      }
      expect(await write(owner.database, 'a')).toMatchObject({ status: 'ok', value: { version: 2 } })
      await owner.database.close()
      owner.cleanUp()
    })
  })
}

/** Changes the row inside a transaction, says so, and waits to be killed. */
const SQL = `begin immediate; update cacheproof_test set version = 99 where key = 'a'`
const VICTIM = {
  wasm: `import sqlite from 'node-sqlite3-wasm'; new sqlite.Database(process.argv[1]).exec("${SQL}"); console.log('ready'); setInterval(() => {}, 1000)`,
  native: `import Libsql from 'libsql'; new Libsql(process.argv[1]).exec("${SQL}"); console.log('ready'); setInterval(() => {}, 1000)`,
}

describe('closing where a killed process has left its lock', () => {
  const longAgo = Date.now() / 1000 - 60

  test('a shared database goes without asking for it', async () => {
    const { database, cleanUp } = open('sqlite+wasm:', true)
    await database.load([{ key: 'a', value: new Uint8Array(1) }])
    const file = database.attachUrl!.replace(/^[^:]*:/, '')
    mkdirSync(`${file}.lock`)
    await database.close()
    expect(existsSync(dirname(file))).toBe(false)
    cleanUp()
  })

  test('a file of the user loses our table and nothing else', async () => {
    const file = freshFile()
    const { database, cleanUp } = open(`sqlite+wasm:${file}`)
    await database.load([{ key: 'a', value: new Uint8Array(1) }])
    mkdirSync(`${file}.lock`)
    utimesSync(`${file}.lock`, longAgo, longAgo)
    await database.close()
    const { database: again, cleanUp: cleanUpAgain } = open(`sqlite+wasm:${file}`)
    const read = await new Promise<DatabaseResult<Row | null>>((resolve) => again.read('a', resolve))
    expect(read).toMatchObject({ status: 'fail', failure: { message: expect.stringContaining('no such table') } })
    await again.close()
    for (const clean of [cleanUp, cleanUpAgain]) clean()
  })
})

test('opening waits for a neighbour that opens or fills the same file', async () => {
  const owner = open('sqlite+wasm:', true)
  await owner.database.load([{ key: 'a', value: new Uint8Array(1) }])
  const file = owner.database.attachUrl!.replace(/^[^:]*:/, '')
  const neighbour = spawn(process.execPath, ['-e', HOLDS_THE_LOCK, `${file}.lock`], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(neighbour.stdout, 'data')
  const guest = open(owner.database.attachUrl!)
  await guest.database.close()
  await owner.database.close()
  for (const { cleanUp } of [owner, guest]) cleanUp()
})

/** Takes the lock of the WASM build, says so, and gives it back a moment later. */
const HOLDS_THE_LOCK = `const fs = require('node:fs'), lock = process.argv[1]
fs.mkdirSync(lock); fs.writeSync(1, 'held'); setTimeout(() => fs.rmdirSync(lock), 200)`

describe('an SQLite URL', () => {
  test.each([
    ['sqlite:', 'WebAssembly, in memory'],
    ['sqlite::memory:', 'WebAssembly, in memory'],
    ['sqlite+wasm:', 'WebAssembly, in memory'],
    ['sqlite://', 'WebAssembly, in memory'],
  ])('%s is %s', async (url, words) => {
    const { database, cleanUp } = open(url)
    expect(database.description.label).toContain(words)
    await database.close()
    cleanUp()
  })

  test('a file is native where that can be', async () => {
    const { database, cleanUp } = open(`sqlite:${freshFile()}`)
    expect(database.description.label).toContain(hasNativeSqlite() ? 'native, in a file' : 'WebAssembly, in a file')
    await database.close()
    cleanUp()
  })

  test.each([
    ['mysql://x', 'is no SQLite URL'],
    ['sqlite:/no/such/folder/x.db', 'can not be used'],
    ['sqlite+wasm:/no/such/folder/x.db', 'can not be used'],
  ])('%s: %s', (url, words) => expect(() => open(url)).toThrow(words))

  test('a lock of a living process is left alone', async () => {
    const file = freshFile()
    const { database, cleanUp } = open(`sqlite+wasm:${file}`)
    await database.load([{ key: 'a', value: new Uint8Array(1) }])
    mkdirSync(`${file}.lock`)
    const answer = new Promise<DatabaseResult<Row | null>>((resolve) => database.read('a', resolve))
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(existsSync(`${file}.lock`)).toBe(true)
    rmSync(`${file}.lock`, { recursive: true })
    expect(await answer).toMatchObject({ status: 'ok', value: { version: 1 } })
    await database.close()
    cleanUp()
  })
})
