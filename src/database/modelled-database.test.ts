import { describe, expect, test } from 'vitest'
import { createRealRuntime } from '../runtime/real-runtime.ts'
import { MILLISECOND, type Runtime, type Task } from '../runtime/runtime.ts'
import { createVirtualRuntime } from '../runtime/virtual-runtime.ts'
import { databaseContract } from './database.contract.ts'
import type { Database, DatabaseResult, Row } from './database.ts'
import { createDatabaseControl } from './database-control.ts'
import { createModelledDatabase, type DatabaseModel } from './modelled-database.ts'
import { openSqlite } from './sqlite/open-sqlite.ts'

const CROSSING: DatabaseModel = { latency: { medianNanos: 4 * MILLISECOND, p99Nanos: 25 * MILLISECOND }, concurrency: 4 }
const STEADY = (millis: number, concurrency: number): DatabaseModel => ({
  latency: { medianNanos: millis * MILLISECOND, p99Nanos: millis * MILLISECOND },
  concurrency,
})

function sqlite(runtime: Runtime): Database {
  return openSqlite('sqlite:', { runtime, table: 'cacheproof_test' })
}

databaseContract('modelled, virtual time', async () => {
  const runtime = createVirtualRuntime({ seed: 1 })
  return { runtime, database: createModelledDatabase(sqlite(runtime), CROSSING, runtime) }
})
databaseContract('modelled without a service time, virtual time', async () => {
  const runtime = createVirtualRuntime({ seed: 1 })
  return { runtime, database: createModelledDatabase(sqlite(runtime), { concurrency: 2 }, runtime, createDatabaseControl()) }
})
databaseContract('modelled, real time', async () => {
  const runtime = createRealRuntime({ seed: 1 })
  const model = { latency: { medianNanos: 50_000, p99Nanos: 200_000 }, concurrency: 8 }
  return { runtime, database: createModelledDatabase(sqlite(runtime), model, runtime), cleanUp: () => runtime.close() }
})

const read = (task: Task, database: Database, key = 'a') => task.wait<DatabaseResult<Row | null>>('read', (settle) => database.read(key, settle))

async function onVirtualTime(
  model: DatabaseModel,
  body: (task: Task, database: Database, runtime: Runtime) => Promise<void>,
  seed = 1,
): Promise<string> {
  const runtime = createVirtualRuntime({ seed })
  const database = createModelledDatabase(sqlite(runtime), model, runtime)
  await database.load([{ key: 'a', value: new Uint8Array(1) }])
  await runtime.run('program', (task) => body(task, database, runtime))
  await database.close()
  return runtime.traceHash()
}

describe('service time', () => {
  test('has the median and the p99 it was given', () =>
    onVirtualTime(CROSSING, async (task, database, runtime) => {
      const times: number[] = []
      for (let call = 0; call < 4_000; call++) {
        const before = runtime.now()
        await read(task, database)
        times.push((runtime.now() - before) / MILLISECOND)
      }
      times.sort((left, right) => left - right)
      expect(times[2_000]).toBeGreaterThan(3.75)
      expect(times[2_000]).toBeLessThan(4.25)
      expect(times[3_960]).toBeGreaterThan(21)
      expect(times[3_960]).toBeLessThan(29)
    }).then(() => undefined))

  test('is the same for the same seed, and another for another', async () => {
    const body = async (task: Task, database: Database): Promise<void> => {
      for (let call = 0; call < 20; call++) await read(task, database)
    }
    const hashes = await Promise.all([onVirtualTime(CROSSING, body), onVirtualTime(CROSSING, body), onVirtualTime(CROSSING, body, 2)])
    expect(hashes[0]).toBe(hashes[1])
    expect(hashes[2]).not.toBe(hashes[0])
  })

  test('is shown', () =>
    onVirtualTime(CROSSING, async (_task, database) => {
      expect(database.description).toMatchObject({ evidence: 'modelled', serviceModel: 'modelled: median 4 ms, p99 25 ms, 4 at a time' })
    }).then(() => undefined))
})

describe('the queue', () => {
  test('serves no more at once than it may, first come, first served', () =>
    onVirtualTime(STEADY(10, 2), async (task, database, runtime) => {
      const ends: { call: number; millis: number }[] = []
      await task.wait<void>('all', (settle) => {
        for (let call = 0; call < 6; call++) {
          database.read('a', () => {
            ends.push({ call, millis: Math.round(runtime.now() / MILLISECOND) })
            if (ends.length === 6) settle()
          })
        }
      })
      expect(ends.map((end) => end.call)).toEqual([0, 1, 2, 3, 4, 5])
      expect(ends.map((end) => end.millis)).toEqual([10, 10, 20, 20, 30, 30])
    }).then(() => undefined))

  test('who asks again after an answer does not pass those who wait', () =>
    onVirtualTime(STEADY(10, 1), async (task, database) => {
      const order: string[] = []
      await task.wait<void>('all', (settle) => {
        database.read('a', () => {
          order.push('first')
          database.read('a', () => {
            order.push('again')
            settle()
          })
        })
        database.read('a', () => order.push('waiting'))
      })
      expect(order).toEqual(['first', 'waiting', 'again'])
    }).then(() => undefined))
})

describe('a write takes effect in the middle of its service time', () => {
  test.each([
    [4, 1],
    [6, 2],
  ])('a look after %i of 10 ms sees version %i', (millis, version) =>
    onVirtualTime(STEADY(10, 1), async (task, _database, runtime) => {
      const inner = sqlite(runtime)
      await inner.load([{ key: 'a', value: new Uint8Array(1) }])
      const outer = createModelledDatabase(inner, STEADY(10, 1), runtime)
      outer.write(
        'a',
        1,
        () => new Uint8Array(2),
        () => undefined,
      )
      await task.sleep(millis * MILLISECOND)
      expect(await read(task, inner)).toMatchObject({ value: { version } })
    }).then(() => undefined),
  )
})

describe('a database that is lost', () => {
  async function lossAfter(millis: number): Promise<{ answer: DatabaseResult<Row>; atMillis: number; versionAfter: number | undefined }> {
    const runtime = createVirtualRuntime({ seed: 1 })
    const control = createDatabaseControl()
    const database = createModelledDatabase(sqlite(runtime), STEADY(10, 1), runtime, control)
    await database.load([{ key: 'a', value: new Uint8Array(1) }])
    let found: Awaited<ReturnType<typeof lossAfter>> | undefined
    await runtime.run('program', async (task) => {
      runtime.after(millis * MILLISECOND, () => control.lose())
      const answer = await task.wait<DatabaseResult<Row>>('write', (settle) => database.write('a', 1, () => new Uint8Array(2), settle))
      const atMillis = Math.round(runtime.now() / MILLISECOND)
      expect(await read(task, database)).toMatchObject({ status: 'fail', failure: { code: 'refused' } })
      control.restore()
      await task.sleep(50 * MILLISECOND)
      const row = await read(task, database)
      found = { answer, atMillis, versionAfter: row.status === 'ok' ? row.value?.version : undefined }
    })
    await database.close()
    return found!
  }

  test('before the commit: outcome unknown to the caller, and the write never happens', async () => {
    expect(await lossAfter(3)).toMatchObject({ answer: { status: 'info', failure: { code: 'closed' } }, atMillis: 3, versionAfter: 1 })
  })

  test('after the commit: outcome unknown to the caller, and the write stays', async () => {
    expect(await lossAfter(8)).toMatchObject({ answer: { status: 'info', failure: { code: 'closed' } }, atMillis: 8, versionAfter: 2 })
  })

  test('after the answer: nothing is taken back', async () => {
    const runtime = createVirtualRuntime({ seed: 1 })
    const control = createDatabaseControl()
    const database = createModelledDatabase(sqlite(runtime), STEADY(10, 1), runtime, control)
    await database.load([{ key: 'a', value: new Uint8Array(1) }])
    const answers: DatabaseResult<Row | null>[] = []
    await runtime.run('program', async (task) => {
      answers.push(await read(task, database))
      control.lose()
      control.lose()
      await task.sleep(MILLISECOND)
    })
    expect(answers).toMatchObject([{ status: 'ok' }])
    await database.close()
  })

  test('those who wait in the queue lose their answer, too, and take no effect', async () => {
    const runtime = createVirtualRuntime({ seed: 1 })
    const control = createDatabaseControl()
    const database = createModelledDatabase(sqlite(runtime), STEADY(10, 1), runtime, control)
    await database.load([{ key: 'a', value: new Uint8Array(1) }])
    const statuses: string[] = []
    await runtime.run('program', async (task) => {
      for (let call = 0; call < 5; call++) {
        database.write(
          'a',
          call,
          () => new Uint8Array(1),
          (result) => statuses.push(result.status),
        )
      }
      await task.sleep(12 * MILLISECOND)
      control.lose()
      await task.sleep(100 * MILLISECOND)
      control.restore()
      expect(await read(task, database)).toMatchObject({ value: { version: 2 } })
    })
    expect(statuses).toEqual(['ok', 'info', 'info', 'info', 'info'])
    await database.close()
  })
})
