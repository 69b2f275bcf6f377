import { expect, test } from 'vitest'
import { createRealRuntime } from '../../runtime/real-runtime.ts'
import { createVirtualRuntime } from '../../runtime/virtual-runtime.ts'
import { databaseContract } from '../database.contract.ts'
import { openSqlite } from '../sqlite/open-sqlite.ts'
import { createTableDatabase } from './table-database.ts'

databaseContract('table on virtual time', async () => {
  const runtime = createVirtualRuntime({ seed: 1 })
  return { runtime, database: createTableDatabase(runtime) }
})

databaseContract('table on real time', async () => {
  const runtime = createRealRuntime({ seed: 1 })
  return { runtime, database: createTableDatabase(runtime), cleanUp: () => runtime.close() }
})

test('the same calls at the same instants have the same answers at the same instants as of SQLite', async () => {
  const play = async (kind: 'table' | 'sqlite') => {
    const runtime = createVirtualRuntime({ seed: 1 })
    const database = kind === 'table' ? createTableDatabase(runtime) : openSqlite('sqlite:', { runtime, table: 't' })
    await database.load(Array.from({ length: 20 }, (_, key) => ({ key: `k${key}`, value: Uint8Array.of(key) })))
    const heard: unknown[] = []
    const stream = runtime.chance.stream('calls')
    await runtime.run('program', async (task) => {
      for (let call = 0; call < 300; call++) {
        await task.sleep(stream.uint32(call) % 3)
        const key = `k${stream.uint32(call, 1) % 25}`
        const hear = (result: unknown) => heard.push([call, runtime.now(), result])
        if (stream.uint32(call, 2) % 2 === 0) database.read(key, hear)
        else database.write(key, call, (version) => Uint8Array.of(call, version), hear)
      }
      await task.sleep(1_000_000)
    })
    await database.close()
    return { heard, traceHash: runtime.traceHash() }
  }
  expect(await play('table')).toEqual(await play('sqlite'))
})
