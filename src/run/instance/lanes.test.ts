import type { Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { FakeServer } from '../../../test/support/fake-server.ts'
import { createSingleNodeRouting } from '../../client/routing/single-node-routing.ts'
import { WireClient } from '../../client/wire/wire-client.ts'
import { HistoryBuilder } from '../../measure/history-builder.ts'
import { rowsOf } from '../../measure/history-row.ts'
import { createOperationRecorder } from '../../measure/operation-recorder.ts'
import { RespCommandDecoder } from '../../protocol/resp-command-decoder.ts'
import { createRealRuntime } from '../../runtime/real-runtime.ts'
import { SECOND } from '../../runtime/runtime.ts'
import { parseWorkload } from '../../workload/file/parse-workload.ts'
import { connectionShare } from '../../workload/load/shares.ts'
import type { Pattern } from '../../workload/pattern.ts'
import { findProgram, PROGRAMS } from '../../workload/patterns/registry.ts'
import { CellRecorder } from '../record/cell-recorder.ts'
import type { OperationWorld } from '../record/operation-world.ts'
import { Instance } from './instance.ts'

const CONNECTIONS = 8
const PIPELINE = 16
/** Operations of one instance. */
const OPERATIONS = 3_000

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

/** Answers whatever came in one piece in one piece, as a server does. */
function answerAtOnce(socket: Socket): void {
  let commands = 0
  const decoder = new RespCommandDecoder({ command: () => commands++, broken: (text) => socket.destroy(new Error(text)) })
  socket.on('data', (chunk) => {
    commands = 0
    decoder.feed(chunk)
    socket.write('+OK\r\n'.repeat(commands))
  })
}

/** Runs one instance on a server that answers at once; gives what the server heard, and whose operation each was. */
async function runOn(yaml: string, { instance: number, instances, pattern }: { instance: number; instances: number; pattern?: Pattern }) {
  const parsed = parseWorkload(
    `{ name: lanes, ${yaml}, keys: { count: 100 }, values: { size: 100B }, instances: ${instances}, baseline: false,
      load: { closed: { connections: ${CONNECTIONS}, pipeline: ${PIPELINE} } }, phases: [ { steady: 1h } ] }`,
    'lanes.test.ts',
    { patterns: PROGRAMS, faults: [] },
  )
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  const { workload } = parsed
  const server = await FakeServer.start(answerAtOnce)
  const runtime = createRealRuntime({ seed: 1 })
  const client = await WireClient.open({
    runtime,
    family: 'redis',
    routing: createSingleNodeRouting(server.address),
    client: { deadlineNanos: SECOND, connections: connectionShare(workload.load.connections, number, instances), id: number },
  })
  cleanUps.push(
    () => server.close(),
    () => runtime.close(),
    () => client.close(),
  )
  const { classes } = findProgram(workload.pattern)
  const rows = new HistoryBuilder()
  const recorder = new CellRecorder({
    operations: createOperationRecorder({ intervalNanos: SECOND, classes }),
    rows,
    level: { kind: 'full' },
    classes,
    instance: number,
    instances,
    block: 0,
  })
  const instance = new Instance({
    workload,
    runtime,
    instance: number,
    family: 'redis',
    client,
    database: undefined,
    recorder,
    keyPrefix: 'lanes:',
    crashed: (error) => {
      throw error
    },
    ...(pattern && { plant: { createPattern: () => pattern } }),
  })
  recorder.begin(runtime.now())
  await new Promise<void>((drained) => {
    instance.start(runtime.now(), runtime.now() + 3600 * SECOND, drained)
    const watch = () => (instance.loop!.started < OPERATIONS ? setImmediate(watch) : instance.stop())
    watch()
  })
  return { server, users: new Map(rowsOf(rows.view()).flatMap((row) => (row.layer === 'app' ? [[row.op, row.client]] : []))) }
}

describe.each([
  { instance: 0, instances: 1 },
  { instance: 1, instances: 3 },
])('instance $instance of $instances', ({ instance, instances }) => {
  const share = connectionShare(CONNECTIONS, instance, instances)
  const ownUsers = Array.from({ length: CONNECTIONS }, (_, user) => user).filter((user) => user % instances === instance)

  test('a mix: a user has a connection of his own, his commands stay in order, and a pipeline is read as one', async () => {
    const { server, users } = await runOn('pattern: mix, with: { get: 0% }', { instance, instances })
    // A value says which operation wrote it.
    const written = server.received.map((text) => [...text.matchAll(/cp1:\d+:(\d+):/g)].map(([, version]) => Number(version) - 1))
    expect(written.flat().length).toBeGreaterThanOrEqual(OPERATIONS)
    const usersOf = written.map((operations) => [...new Set(operations.map((operation) => users.get(operation)))])
    expect(usersOf.map(({ length }) => length)).toEqual(new Array(share).fill(1))
    expect(usersOf.flat().sort()).toEqual(ownUsers)
    for (const operations of written) expect(operations).toEqual([...operations].sort((a, b) => a - b))
    const reads = server.reads.reduce((sum, count) => sum + count, 0)
    expect(written.flat().length / reads).toBeGreaterThan(PIPELINE / 2)
  })

  test('a pattern: all calls of a user take his connection', async () => {
    const pattern: Pattern = {
      intent: () => ({ fn: 'write', key: 1, kind: 'write' }),
      async operation(index, world) {
        const { user } = world as OperationWorld
        await Promise.all([1, 2].map((call) => world.cache.set({ id: 1, name: `user${user}:${index}:${call}` }, Buffer.of(call), 1000)))
        return { class: 'write', fn: 'write', key: 1, status: 'ok' }
      },
    }
    const { server } = await runOn('pattern: cache-aside', { instance, instances, pattern })
    const asked = server.received.map((text) => [...new Set(text.match(/user\d+/g))])
    expect(asked.map(({ length }) => length)).toEqual(new Array(share).fill(1))
    expect(asked.flat().sort()).toEqual(ownUsers.map((user) => `user${user}`))
    const calls = server.received.join('').split('user').length - 1
    expect(calls / server.reads.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(PIPELINE / 2)
  })
})
