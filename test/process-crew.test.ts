// needs: redis-server

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { remeasure } from '../src/check/remeasure.ts'
import { rowsOf } from '../src/measure/history-row.ts'
import { columnsOfSource } from '../src/measure/history-source.ts'
import { loadHistory } from '../src/run/history/load-history.ts'
import {
  type CrewBedOptions,
  crewContract,
  expectReplayed,
  expectTakenOver,
  expectWhole,
  openCrew,
  runLoad,
} from '../src/run/instance/crew.contract.ts'
import { type TakeOver, VERIFY_PHASE } from '../src/run/instance/crew.ts'
import { run } from '../src/run/run.ts'
import { MILLISECOND } from '../src/runtime/runtime.ts'
import { RespProbe } from '../src/targets/probe/resp-probe.ts'
import { createArrivals } from '../src/workload/load/create-arrivals.ts'
import { DueTimes } from '../src/workload/load/due-times.ts'
import { RealServer } from './support/real-server.ts'
import { measuredCell, workloadOf } from './support/virtual-run.ts'

// Long enough for messages to be heard on a machine that does other things, too.
crewContract('child processes', { virtual: false, instances: 2, loadNanos: 2_000 * MILLISECOND })

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function crewOnRealServer() {
  const server = await RealServer.start('redis-server')
  cleanUps.push(() => server.close())
  const bed = await openCrew({ virtual: false, instances: 2, targetUrl: `redis://127.0.0.1:${server.port}` })
  cleanUps.push(() => bed.close())
  return { server, bed }
}

describe('a crew of processes on a real server', () => {
  test('while the load runs the server sees the connections that the workload says, and none of the process that prepares', async () => {
    const { server, bed } = await crewOnRealServer()
    const probe = await RespProbe.open({ host: '127.0.0.1', port: server.port }, 1_000)
    cleanUps.push(() => probe.close())
    /** Without the one that asks. */
    const connections = async () =>
      String(await probe.call('CLIENT', 'LIST', 'TYPE', 'normal'))
        .trim()
        .split('\n').length - 1
    await bed.crew.prepare()
    let during: Promise<number> | undefined
    await runLoad(bed, () => {
      during = connections()
    })
    expect(await during).toBe(9)
    expect(bed.crew.openConnections).toBe(9)
    await bed.crew.verify()
    expect(await connections()).toBe(10)
    await bed.crew.close()
  })

  test('reading back from a server that has gone meanwhile finds refusals, and is no error', async () => {
    const { server, bed } = await crewOnRealServer()
    await bed.crew.prepare()
    await runLoad(bed, () => void server.kill())
    await bed.crew.verify()
    await bed.crew.close()
    const readBack = (await bed.rows()).filter(({ phase, layer }) => phase === VERIFY_PHASE && layer === 'cache')
    expect(readBack.length).toBeGreaterThan(0)
    expect(new Set(readBack.map(({ status, error }) => `${status} ${error}`))).toEqual(new Set(['fail refused']))
  })
})

describe('what is lost with a process that is killed', () => {
  const DEAD = 2
  /** Long enough that the instances have told what they measured, and are about to again. */
  const LONG = { virtual: false, instances: 3, loadNanos: 3_000 * MILLISECOND } as const

  async function killed(options: Partial<CrewBedOptions>) {
    const bed = await openCrew({ ...LONG, ...options })
    cleanUps.push(() => bed.close())
    await bed.crew.prepare()
    let takeOver: TakeOver | undefined
    expect(await runLoad(bed, () => bed.crew.kill(DEAD, (told) => (takeOver = told)))).toBe(1)
    const uncounted = await bed.crew.account()
    await bed.crew.close()
    expect(takeOver!.heirs).toEqual([0, 1])
    const counted = bed.operations.classMeasurements(bed.loadNanos).filter(({ layer }) => layer === 'app')
    const figures = counted.reduce((sum, { ok, fail, info }) => sum + ok + fail + info, 0)
    return { bed, takeOver: takeOver!, uncounted, figures }
  }

  test.each([
    { pattern: 'cache-aside', load: 'open' },
    { pattern: 'cache-aside', load: 'open', settledNanos: 600 * MILLISECOND },
    { pattern: 'cache-aside', load: 'closed' },
    { pattern: 'mix', load: 'open' },
  ] as const)('is counted as its rows say: %o', async (options) => {
    const { bed, takeOver, uncounted } = await killed(options)
    const history = bed.history()
    const rows = rowsOf(await columnsOfSource(history))
    // One thread begins one operation after the other: the last may have been claimed, and its call not yet begun.
    expectWhole(rows, bed, takeOver.heirs, 1)
    expectTakenOver(rows, bed, DEAD, takeOver)
    await expectReplayed(history, bed)
    expect(uncounted).toEqual([])
    expect(bed.crashes).toEqual([])
  })

  test('a mix that is as fast as it can be says how many operations left no trace', async () => {
    const { bed, takeOver, uncounted } = await killed({ pattern: 'mix', load: 'closed' })
    const history = bed.history()
    const rows = rowsOf(await columnsOfSource(history))
    expectTakenOver(rows, bed, DEAD, takeOver)
    await expectReplayed(history, bed)
    const ofDead = rows.filter(({ layer, op }) => layer === 'app' && op % 3 === DEAD && op < takeOver.fromIndex)
    expect(uncounted).toEqual([{ instance: DEAD, operations: Math.ceil((takeOver.fromIndex - DEAD) / 3) - ofDead.length }])
    expect(uncounted[0]!.operations).toBeGreaterThan(0)
  })

  test.each(['cache-aside', 'mix'] as const)('without a history it is said of how many operations the figures know nothing (%s)', async (pattern) => {
    const { bed, uncounted, figures } = await killed({ pattern, load: 'open', history: 'off' })
    const { load } = bed.workload
    if (load.kind !== 'open') throw new Error('an open loop was asked for')
    const due = new DueTimes(createArrivals(load, bed.runtime.chance.stream('arrivals'))).firstFrom(bed.loadNanos)
    expect(uncounted.map(({ instance }) => instance)).toEqual([DEAD])
    expect(figures + uncounted[0]!.operations).toBe(due)
  })
})

test('a run on a real server: the rate stays, what is said of the take-over is on the axis of the rows, and all of it is in run.json', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cacheproof-take-over-'))
  cleanUps.push(() => rmSync(folder, { recursive: true }))
  const RATE = 400
  const finished = await run({
    name: 'test',
    workloads: [
      workloadOf(`
name: one-dies
pattern: session-store
with: { active: 64 }
keys: { count: 300 }
load: { open: { rate: ${RATE}/s } }
phases: [ { warm-up: 1s }, { steady: 3s } ]
instances: 3
kill_instance: { instance: 1, at: 1s }
baseline: false
`),
    ],
    targets: ['local:redis'],
    clients: ['wire'],
    seed: 7,
    blocks: 1,
    virtual: false,
    folder,
    command: 'cacheproof run test.yaml',
    env: process.env,
    signal: new AbortController().signal,
    observer: {},
    faultsAllowed: false,
  })
  const cell = measuredCell(finished)
  const { source } = await loadHistory(folder, cell.history.file!)
  const rows = rowsOf(await columnsOfSource(source)).filter(({ layer, phase }) => layer === 'app' && phase === 'steady')
  const app = cell.classes.filter(({ layer }) => layer === 'app')
  const sum = (of: (one: (typeof app)[number]) => number) => app.reduce((total, one) => total + of(one), 0)
  // By another way than the program's own: Poisson arrivals, on which the machine's load has no influence.
  expect(Math.abs(rows.length - 3 * RATE)).toBeLessThan(4 * Math.sqrt(3 * RATE))
  expect([sum(({ ok }) => ok), sum(({ fail }) => fail), sum(({ info }) => info), sum(({ unstarted }) => unstarted)]).toEqual([
    rows.filter(({ status }) => status === 'ok').length,
    rows.filter(({ status }) => status === 'fail').length,
    rows.filter(({ status }) => status === 'info').length,
    rows.filter(({ sent }) => sent < 0).length,
  ])
  expect((await remeasure(cell, source)).cell.classes).toEqual(cell.classes)
  const kill = cell.events.find(({ kind }) => kind === 'fault')!
  const [, fromIndex, atSeconds] = /^application instance 1; instances 0 and 2 take over from operation ([\d,]+) on, at ([\d.]+) s$/.exec(
    kill.detail,
  )!
  // Three digits of a second or two.
  expect(Number(atSeconds) * 1e9).toBeGreaterThanOrEqual(kill.startNanos - 5 * MILLISECOND)
  const ofDead = rows.filter(({ instance, sent }) => instance === 1 && sent >= 0)
  expect(Math.max(...ofDead.map(({ op }) => op))).toBeLessThan(Number(fromIndex!.replaceAll(',', '')))
})
