// needs: postgres

import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TargetError } from '../src/client/target-error.ts'
import { databaseContract } from '../src/database/database.contract.ts'
import type { Database, DatabaseResult, Row } from '../src/database/database.ts'
import { openDatabase } from '../src/database/open-database.ts'
import { createPostgresDatabase } from '../src/database/postgres/postgres-database.ts'
import { createRealRuntime, type RealRuntime } from '../src/runtime/real-runtime.ts'
import { type PostgresServer, startPostgres } from './support/postgres-server.ts'

describe('PostgreSQL', () => {
  let server: PostgresServer
  let runtime: RealRuntime
  let prefix = 0

  beforeAll(async () => {
    server = await startPostgres()
    runtime = createRealRuntime({ seed: 1 })
  })
  afterAll(async () => {
    runtime.close()
    await server.close()
  })

  const open = (more: Partial<Parameters<typeof openDatabase>[1]> = {}, url = server.url): Promise<Database> =>
    openDatabase({ kind: 'postgres', url, concurrency: 4 }, { runtime, prefix: `test${prefix++}`, env: {}, ...more })
  const write = (database: Database, key: string): Promise<DatabaseResult<Row>> =>
    new Promise((resolve) => database.write(key, 1, (version) => new Uint8Array([version]), resolve))
  const read = (database: Database, key: string): Promise<DatabaseResult<Row | null>> => new Promise((resolve) => database.read(key, resolve))
  const one = [{ key: 'a', value: new Uint8Array([1]) }]

  async function tables(): Promise<readonly string[]> {
    const sql = postgres(server.url, { max: 1 })
    const found = await sql`select relname from pg_class where relkind = 'r' and relname like 'cacheproof%' order by 1`
    await sql.end()
    return found.map((row) => String(row['relname']))
  }

  databaseContract('postgres', async () => {
    const own = createRealRuntime({ seed: 1 })
    return { runtime: own, database: await open({ runtime: own }), cleanUp: () => own.close() }
  })

  test('has a table of its own, and drops it', async () => {
    const database = await open({ prefix: 'Shop 7; drop' })
    await database.load(one)
    expect(await tables()).toEqual(['cacheproof_shop_7_drop'])
    const guest = await open({ prefix: 'Shop 7; drop', attach: true })
    expect(await read(guest, 'a')).toMatchObject({ status: 'ok', value: { version: 1 } })
    await guest.close()
    expect(await tables()).toHaveLength(1)
    await database.close()
    expect(await tables()).toEqual([])
  })

  test("tables that died runs left are dropped when they are old, and nobody else's", async () => {
    const sql = postgres(server.url, { max: 1, onnotice: () => undefined })
    for (const [table, comment] of [
      ['cacheproof_old', 'cacheproof: rows of one run, made at 1700000000 (Unix time)'],
      ['cacheproof_young', `cacheproof: rows of one run, made at ${Math.floor(Date.now() / 1000)} (Unix time)`],
      ['cacheproof_not_ours', 'the results of our audit'],
      ['cacheproofs', 'cacheproof: rows of one run, made at 1700000000 (Unix time)'],
    ] as const) {
      await sql.unsafe(`create table ${table} (key text); comment on table ${table} is '${comment}'`)
    }
    await (await open()).close()
    expect(await tables()).toEqual(['cacheproof_not_ours', 'cacheproof_young', 'cacheproofs'])
    await sql`drop table cacheproof_not_ours, cacheproof_young, cacheproofs`
    await sql.end()
  })

  describe('what can not be opened says why, without the password', () => {
    const refused = async (url: string, env = {}): Promise<TargetError> => {
      const error = await open({ env }, url).then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      expect(error).toBeInstanceOf(TargetError)
      expect(`${(error as TargetError).message} ${(error as TargetError).hint}`).not.toMatch(/let-me-in|hunter2/)
      return error as TargetError
    }

    test('wrong password', async () =>
      expect(await refused(server.url.replace(server.password, 'hunter2'))).toMatchObject({
        code: 'TARGET_AUTH',
        message: expect.stringContaining('does not let us in'),
      }))
    test('no password', async () => expect(await refused(server.url.replace(`:${server.password}`, ''))).toMatchObject({ code: 'TARGET_AUTH' }))
    test('no such database', async () => expect(await refused(server.url.replace(/postgres$/, 'nothing'))).toMatchObject({ code: 'TARGET_UNUSABLE' }))
    test('nobody listens', async () => expect(await refused('postgres://app:hunter2@127.0.0.1:1/x')).toMatchObject({ code: 'TARGET_UNREACHABLE' }))
    test('no such host', async () => expect(await refused('postgres://app:hunter2@nowhere.invalid/x')).toMatchObject({ code: 'TARGET_UNREACHABLE' }))
    test('a schema that takes no tables', async () => {
      const sql = postgres(server.url, { max: 1 })
      await sql.unsafe(`create role guest login password 'hunter2'; revoke create on schema public from public`)
      await sql.end()
      expect(await refused(server.url.replace(`app:${server.password}`, 'guest:hunter2'))).toMatchObject({ code: 'TARGET_READONLY' })
    })
  })

  test('takes the password from the environment', async () => {
    const database = await open({ env: { PGPASSWORD: server.password } }, server.url.replace(`:${server.password}`, ''))
    expect(database.description.url).toBe(`postgres://127.0.0.1:${server.port}/postgres`)
    await database.close()
  })

  test('keeps what was acknowledged when it dies, says "unknown" only of what may have been committed, and comes back', async () => {
    const database = await open()
    await database.load(one)
    const results: DatabaseResult<Row>[] = []
    let busy = true
    const writers = Array.from({ length: 4 }, async () => {
      while (busy) results.push(await write(database, 'a'))
    })
    while (results.length < 50) await new Promise((resolve) => setTimeout(resolve, 1))
    await server.kill()
    busy = false
    await Promise.all(writers)
    expect(await write(database, 'a')).toMatchObject({ status: 'fail', failure: { code: 'refused' } })
    expect(await read(database, 'a')).toMatchObject({ status: 'fail', failure: { code: 'refused' } })
    await server.start()
    let after = await read(database, 'a')
    while (after.status !== 'ok') {
      await new Promise((resolve) => setTimeout(resolve, 20))
      after = await read(database, 'a')
    }
    const acknowledged = Math.max(...results.flatMap((result) => (result.status === 'ok' ? [result.value.version] : [])))
    const unknown = results.filter((result) => result.status === 'info').length
    expect(after.value!.version).toBeGreaterThanOrEqual(acknowledged)
    expect(after.value!.version).toBeLessThanOrEqual(acknowledged + unknown)
    expect(await write(database, 'a')).toMatchObject({ status: 'ok', value: { version: after.value!.version + 1 } })
    await database.close()
  })

  test('a session that is ended from outside costs the calls under way, and no more', async () => {
    const database = await open()
    await database.load(one)
    const sql = postgres(server.url, { max: 1 })
    const before = Array.from({ length: 20 }, () => write(database, 'a'))
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cacheproof'`
    const results = await Promise.all(before)
    const done = results.filter((result) => result.status === 'ok').length
    const unknown = results.filter((result) => result.status === 'info').length
    // An idle connection may hear of its end only now.
    let row = await read(database, 'a')
    while (row.status !== 'ok') row = await read(database, 'a')
    const version = row.value!.version
    expect(version).toBeGreaterThanOrEqual(1 + done)
    expect(version).toBeLessThanOrEqual(1 + done + unknown)
    await sql.end()
    await database.close()
  })

  test('a row locked by somebody else makes a write wait, and time out as unknown', async () => {
    const connect = () => postgres(server.url, { max: 1, onnotice: () => undefined })
    const description = { label: 'postgresql', kind: 'postgres', url: '', version: '', serviceModel: '', evidence: 'observed' } as const
    const database = createPostgresDatabase({
      runtime,
      connect,
      connections: 2,
      table: 'cacheproof_locked',
      claim: () => () => {},
      description,
      deadlineNanos: 50_000_000,
    })
    await database.load(one)
    const holder = postgres(server.url, { max: 1 })
    await holder.begin(async (locked) => {
      await locked`select * from cacheproof_locked where key = 'a' for update`
      expect(await write(database, 'a')).toMatchObject({ status: 'info', failure: { code: 'timeout' } })
    })
    await holder.end()
    // Unknown was right: nobody took the write back, so it commits once the lock is gone.
    let version = 1
    while (version === 1) {
      const row = await read(database, 'a')
      version = row.status === 'ok' ? row.value!.version : 1
    }
    expect(version).toBe(2)
    await database.close()
  })
})
