import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createRealRuntime } from '../runtime/real-runtime.ts'
import { MILLISECOND } from '../runtime/runtime.ts'
import { createVirtualRuntime } from '../runtime/virtual-runtime.ts'
import type { DatabaseResult, Row } from './database.ts'
import { createDatabaseControl } from './database-control.ts'
import { type DatabaseRequest, openDatabase } from './open-database.ts'

const virtual = () => createVirtualRuntime({ seed: 1 })
const latency = { medianNanos: 4 * MILLISECOND, p99Nanos: 25 * MILLISECOND }

describe('opening a database', () => {
  test('an embedded one with a service time says so', async () => {
    const runtime = createRealRuntime({ seed: 1 })
    const database = await openDatabase({ kind: 'sqlite', latency, concurrency: 64 }, { runtime, prefix: 'run 1', env: {} })
    expect(database.description).toMatchObject({
      kind: 'sqlite',
      url: 'sqlite:',
      evidence: 'modelled',
      serviceModel: 'modelled: median 4 ms, p99 25 ms, 64 at a time',
    })
    await database.close()
    runtime.close()
  })

  test.each([undefined, 'sqlite:', 'sqlite+wasm:', 'sqlite::memory:'])('on virtual time a table stands for %s, and says so', async (url) => {
    const request = { kind: 'sqlite', latency, concurrency: 64, ...(url !== undefined && { url }) } as const
    const database = await openDatabase(request, { runtime: virtual(), prefix: 'a', env: {} })
    expect(database.description).toEqual({
      label: 'in-memory table',
      kind: 'table',
      url: '',
      version: '',
      evidence: 'modelled',
      serviceModel: 'modelled: median 4 ms, p99 25 ms, 64 at a time',
    })
    await database.close()
  })

  test('a file is a file, on virtual time as well', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cacheproof-database-'))
    const database = await openDatabase({ kind: 'sqlite', url: `sqlite:${join(folder, 'x.db')}` }, { runtime: virtual(), prefix: 'a', env: {} })
    expect(database.description).toMatchObject({ kind: 'sqlite', label: expect.stringContaining('in a file') })
    await database.close()
    rmSync(folder, { recursive: true })
  })

  test('one without a service time is what it is', async () => {
    const runtime = createRealRuntime({ seed: 1 })
    const database = await openDatabase({ kind: 'sqlite', concurrency: 64 }, { runtime, prefix: 'a', env: {} })
    expect(database.description).toMatchObject({ evidence: 'observed', serviceModel: 'none: in-process, no network' })
    await database.close()
    runtime.close()
  })

  test('processes that share one have its concurrency between them', async () => {
    const database = await openDatabase({ kind: 'sqlite', latency, concurrency: 64 }, { runtime: virtual(), prefix: 'a', env: {}, instances: 3 })
    expect(database.description.serviceModel).toContain('21 at a time')
    await database.close()
  })

  test('a guest reaches the rows by the attach URL, and leaves them there', async () => {
    const runtime = createRealRuntime({ seed: 1 })
    const request: DatabaseRequest = { kind: 'sqlite', latency: { medianNanos: 1000, p99Nanos: 2000 } }
    const owner = await openDatabase(request, { runtime, prefix: 'a', env: {}, shared: true })
    await owner.load([{ key: 'k', value: new Uint8Array([7]) }])
    const guest = await openDatabase(request, { runtime, prefix: 'a', env: {}, attach: owner.attachUrl!, instance: 1 })
    for (const database of [guest, owner]) {
      const read = await new Promise<DatabaseResult<Row | null>>((resolve) => database.read('k', resolve))
      expect(read).toMatchObject({ status: 'ok', value: { version: 1 } })
      await database.close()
    }
    runtime.close()
  })

  test('nobody attaches to what is in the memory of another process', async () => {
    for (const url of [undefined, 'sqlite:', 'sqlite+wasm:', 'sqlite::memory:']) {
      const request: DatabaseRequest = { kind: 'sqlite', ...(url !== undefined && { url }) }
      await expect(openDatabase(request, { runtime: virtual(), prefix: 'a', env: {}, attach: true })).rejects.toThrow('can not be attached to')
    }
  })

  test('one that can be lost refuses while it is', async () => {
    const runtime = virtual()
    const control = createDatabaseControl()
    const database = await openDatabase({ kind: 'sqlite' }, { runtime, prefix: 'a', env: {}, control })
    await database.load([])
    control.lose()
    await runtime.run('program', async (task) => {
      const read = await task.wait<DatabaseResult<Row | null>>('read', (settle) => database.read('k', settle))
      expect(read).toMatchObject({ status: 'fail', failure: { code: 'refused' } })
    })
    await database.close()
  })

  test.each<[DatabaseRequest, string]>([
    [{ kind: 'postgres', url: 'postgres://app:hunter2@h/d' }, 'PostgreSQL is part of the outside world'],
    [{ kind: 'sqlite', url: 'sqlite:/no/such/folder/x.db' }, 'can not be used'],
  ])('%j on virtual time: %s', async (request, words) => {
    await expect(openDatabase(request, { runtime: virtual(), prefix: 'a', env: {} })).rejects.toThrow(words)
  })

  test.each([
    ['postgres://app:hunter2@h:port/d', 'is no PostgreSQL URL'],
    ['postgres://app:hunter2@h/d?sslmode=sometimes', 'sslmode=sometimes is not known'],
  ])('%s is refused without its password', async (url, words) => {
    const runtime = createRealRuntime({ seed: 1 })
    const error = await openDatabase({ kind: 'postgres', url }, { runtime, prefix: 'a', env: {} }).then(
      () => undefined,
      (thrown: Error) => thrown,
    )
    expect(error?.message).toContain(words)
    expect(error?.message).not.toContain('hunter2')
    runtime.close()
  })
})
