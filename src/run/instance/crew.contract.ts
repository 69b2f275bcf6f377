import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { FAULTS } from '../../chaos/registry.ts'
import type { HistoryRow } from '../../measure/history.ts'
import { rowsOf } from '../../measure/history-row.ts'
import { columnsOfSource, type HistorySource } from '../../measure/history-source.ts'
import { createOperationRecorder, type OperationRecorder } from '../../measure/operation-recorder.ts'
import { replayHistory } from '../../measure/replay-history.ts'
import { MILLISECOND, type Nanos, type Runtime } from '../../runtime/runtime.ts'
import { parseWorkload } from '../../workload/file/parse-workload.ts'
import { createArrivals } from '../../workload/load/create-arrivals.ts'
import { DueTimes } from '../../workload/load/due-times.ts'
import type { Pattern, PatternContext } from '../../workload/pattern.ts'
import { cacheAside } from '../../workload/patterns/cache-aside.ts'
import type { CachedRowsOptions } from '../../workload/patterns/cached-rows.ts'
import { findProgram, PROGRAMS } from '../../workload/patterns/registry.ts'
import type { Workload } from '../../workload/workload.ts'
import { openCell } from '../cell/open-cell.ts'
import { placePhases } from '../cell/phase-schedule.ts'
import { openRows } from '../cell/rows.ts'
import { SERIES_INTERVAL_NANOS } from '../cell/series-interval.ts'
import { createRunFolder } from '../run-folder.ts'
import { createCrew } from './create-crew.ts'
import { type Crew, type TakeOver, VERIFY_PHASE } from './crew.ts'

export interface CrewBedOptions {
  readonly virtual: boolean
  readonly instances: number
  /** "engine:redis" unless told. */
  readonly targetUrl?: string
  /** A closed loop unless told. */
  readonly load?: 'open' | 'closed'
  /** "cache-aside" unless told. */
  readonly pattern?: 'cache-aside' | 'mix'
  /** "full" unless told. */
  readonly history?: 'full' | 'off'
  /** How long the load is to last; `LOAD_NANOS` unless told. */
  readonly loadNanos?: Nanos
  /** Of this load the warm-up is so long, which is said to the crew while it goes on. */
  readonly settledNanos?: Nanos
  /** Puts a fault between the suite and the crew, to see that it is caught. */
  readonly wrap?: (crew: Crew) => Crew
}

/** A crew on a cell of its own, as `run-cell.ts` makes one. */
export interface CrewBed {
  readonly runtime: Runtime
  readonly crew: Crew
  readonly operations: OperationRecorder
  readonly instances: number
  readonly workload: Workload
  readonly loadNanos: Nanos
  readonly settledNanos: Nanos
  /** What patterns threw. */
  readonly crashes: readonly unknown[]
  /** What each read-back was told to be the last operation of all. */
  readonly lastIndices: readonly number[]
  /** What was written down by all instances. Call once, when the crew is closed. */
  history(): HistorySource
  /** Its rows: in place of it. */
  rows(): Promise<HistoryRow[]>
  close(): Promise<void>
}

/** Of all instances together. Two instances have shares that differ. */
const CONNECTIONS = 9
/** Low enough for a machine that does other things, too. */
const RATE = 500
const LOAD_NANOS = 300 * MILLISECOND
/** Half-way, and in the middle of the work: at every instant some calls are under way. */
export const HALF_WAY_NANOS = LOAD_NANOS / 2

/** Every operation misses and asks a database that takes its time, so that whoever is killed leaves something behind. */
function workload({ instances, load = 'closed', history = 'full', pattern = 'cache-aside', ...of }: CrewBedOptions): Workload {
  const { loadNanos = LOAD_NANOS, settledNanos = 0 } = of
  const settings = { 'cache-aside': 'with: { write_ratio: 20%, ttl: 30s }\ndatabase: { latency: { median: 4ms, p99: 10ms } }', mix: '' }
  const steady = `{ steady: ${(loadNanos - settledNanos) / MILLISECOND}ms }`
  const loads = { closed: `{ closed: { connections: ${CONNECTIONS} } }`, open: `{ open: { rate: ${RATE}/s, connections: ${CONNECTIONS} } }` }
  const text = `
name: crew
pattern: ${pattern}
${settings[pattern]}
keys: { count: 1000, popularity: uniform }
load: ${loads[load]}
history: ${history}
phases: [ ${settledNanos > 0 ? '{ warm-up: auto }, ' : ''}${steady} ]
instances: ${instances}
baseline: false
`
  const parsed = parseWorkload(text, 'crew.contract.yaml', { patterns: PROGRAMS, faults: FAULTS })
  if (!parsed.ok) throw new Error(parsed.errors.map(({ message }) => message).join('\n'))
  return parsed.workload
}

export async function openCrew(options: CrewBedOptions): Promise<CrewBed> {
  const { virtual, instances, targetUrl = 'engine:redis', wrap = (crew) => crew } = options
  const plan = {
    id: 'crew/engine:redis/wire/0',
    workload: workload(options),
    role: 'measured',
    block: 0,
    targetUrl,
    client: 'wire',
  } as const
  const path = mkdtempSync(join(tmpdir(), 'cacheproof-crew-'))
  const crashes: unknown[] = []
  const lastIndices: number[] = []
  const note = (text: string): void => void crashes.push(new Error(text))
  const context = {
    seed: 7,
    virtual,
    env: {},
    runPrefix: 'cacheproof:crew:',
    folder: createRunFolder(path, note),
    signal: new AbortController().signal,
    observer: { note },
    faultsAllowed: false,
    plant: { createPattern: (given: PatternContext<unknown>) => noting(lastIndices, given) },
  }
  const opened = await openCell(plan, context, () => {})
  const operations = createOperationRecorder({
    intervalNanos: SERIES_INTERVAL_NANOS,
    classes: opened.definition.classes,
    openLoop: plan.workload.load.kind === 'open',
  })
  const rows = openRows(plan, context.folder, opened.asProcesses, virtual, note)
  const schedule = placePhases(plan.workload.phases)
  const crashed = (error: unknown): void => void crashes.push(error)
  const crew = wrap(await createCrew({ plan, context, opened, operations, rows, schedule, crashed }))
  return {
    runtime: opened.runtime,
    crew,
    operations,
    instances,
    workload: plan.workload,
    loadNanos: options.loadNanos ?? LOAD_NANOS,
    settledNanos: options.settledNanos ?? 0,
    crashes,
    lastIndices,
    history: () => rows.finish()!.source,
    rows: async () => rowsOf(await columnsOfSource(rows.finish()!.source)),
    async close() {
      await crew.close()
      await rows.discard()
      await opened.close()
      rmSync(path, { recursive: true })
    },
  }
}

/** The pattern as it is, which notes what its read-back is told. */
function noting(lastIndices: number[], context: PatternContext<unknown>): Pattern {
  const pattern = cacheAside.create(context as PatternContext<CachedRowsOptions>)
  return {
    ...pattern,
    verify(world, lastIndex) {
      lastIndices.push(lastIndex)
      return pattern.verify!(world, lastIndex)
    },
  }
}

/** The load from its start until a while after it has drained. `act` comes half-way. Resolves with how often it drained. */
export async function runLoad(bed: CrewBed, act: () => void = () => {}, drainedNow: () => void = () => {}): Promise<number> {
  const { runtime, crew, loadNanos, settledNanos, workload } = bed
  let drained = 0
  await runtime.run('load', async (task) => {
    if (settledNanos > 0) runtime.after(settledNanos / 2, () => crew.settle(placePhases(workload.phases, settledNanos)))
    runtime.after(loadNanos / 2, act)
    await task.wait<void>('the load to end', (settle) => {
      crew.start(runtime.now() + crew.leadNanos, () => {
        drained++
        drainedNow()
        settle()
      })
    })
    await task.sleep(50 * MILLISECOND)
  })
  return drained
}

/**
 * That an instance ended where it stood: nothing of it is later than `endedNanos` on the cell's axis, and what it had under
 * way, so many at least, is unknown. Throws else.
 */
export function expectEnded(rows: readonly HistoryRow[], instance: number, endedNanos: Nanos, underWay = 1): void {
  const own = rows.filter((row) => row.instance === instance)
  expect(own.filter(({ sent, done }) => Math.max(sent, done) > endedNanos)).toEqual([])
  const left = own.filter(({ done, sent }) => done < 0 && sent >= 0)
  expect(left.length).toBeGreaterThanOrEqual(underWay)
  expect(left.filter(({ status, error }) => status !== 'info' || error !== 'killed')).toEqual([])
}

/**
 * That the operations of a load are whole, whoever was killed: each has one row, and all that were due are there, when
 * they were due. Of a closed loop all that every heir has come past, but for what a dead process had claimed and not begun
 * (`claimedAtMost`), since nobody else begins it. Throws else.
 */
export function expectWhole(
  rows: readonly HistoryRow[],
  { runtime, workload, instances, loadNanos }: CrewBed,
  heirs: readonly number[],
  claimedAtMost = 0,
): void {
  const operations = rows.filter(({ layer }) => layer === 'app')
  const indices = operations.map(({ op }) => op).sort((a, b) => a - b)
  expect(indices.filter((index, place) => index === indices[place - 1])).toEqual([])
  expect(new Set(rows.map(({ op }) => op)).size).toBe(rows.length)
  if (workload.load.kind === 'open') {
    const dues = new DueTimes(createArrivals(workload.load, runtime.chance.stream('arrivals')))
    expect(indices).toEqual(Array.from({ length: dues.firstFrom(loadNanos) }, (_, index) => index))
    expect(operations.filter(({ op, due }) => due !== dues.of(op))).toEqual([])
  } else if (heirs.length > 0) {
    // Each takes the lowest of his first, be it his own or what he took over.
    const past = Math.min(
      ...heirs.flatMap((heir) => {
        const begunBy = operations.filter(({ instance }) => instance === heir).map(({ op }) => op)
        return [begunBy.filter((op) => op % instances === heir), begunBy.filter((op) => op % instances !== heir)].map((ops) => Math.max(...ops))
      }),
    )
    const begun = new Set(indices)
    const missing = Array.from({ length: past }, (_, index) => index).filter((index) => !begun.has(index))
    const isClaimed = (index: number) => {
      const owner = index % instances
      const byOwner = operations.filter(({ instance, op }) => instance === owner && op % instances === owner).map(({ op }) => op)
      return !heirs.includes(owner) && index > Math.max(-1, ...byOwner)
    }
    expect(missing.filter((index) => claimedAtMost === 0 || !isClaimed(index))).toEqual([])
    expect(missing.length).toBeLessThanOrEqual(claimedAtMost)
  }
}

/** That the others have what a dead instance left, from there on, and it has nothing of it. Throws else. */
export function expectTakenOver(rows: readonly HistoryRow[], { workload, instances }: CrewBed, dead: number, takeOver: TakeOver): void {
  const operations = rows.filter(({ layer }) => layer === 'app')
  const inherited = operations.filter(({ op, instance }) => op % instances !== instance)
  expect(inherited.filter(({ op }) => op % instances !== dead || op < takeOver.fromIndex)).toEqual([])
  expect(operations.filter(({ op, instance, sent }) => instance === dead && op >= takeOver.fromIndex && sent >= 0)).toEqual([])
  for (const heir of takeOver.heirs) expect(inherited.some(({ instance }) => instance === heir)).toBe(true)
  if (workload.load.kind !== 'open' || takeOver.heirs.length === 0) return
  expect(inherited.filter(({ due }) => due < takeOver.fromNanos)).toEqual([])
  // Nothing is lost that was due after it.
  expect(operations.filter(({ instance, due }) => instance === dead && due > takeOver.fromNanos)).toEqual([])
}

/** That the history gives the figures that were measured while it was written. Throws else. */
export async function expectReplayed(history: HistorySource, { operations, workload, loadNanos }: CrewBed): Promise<void> {
  const replayed = await replayHistory(history, {
    intervalNanos: SERIES_INTERVAL_NANOS,
    classes: findProgram(workload.pattern).classes,
    openLoop: workload.load.kind === 'open',
    measured: (phase) => phase === 'steady',
    measuredEndNanos: loadNanos,
  })
  expect(replayed.classMeasurements(loadNanos)).toEqual(operations.classMeasurements(loadNanos))
  expect(replayed.series(loadNanos)).toEqual(operations.series(loadNanos))
}

/** The suite of every crew. */
export function crewContract(name: string, options: CrewBedOptions): void {
  describe(`crew contract: ${name}`, () => {
    let bed: CrewBed
    afterEach(() => bed.close())
    const prepared = async (load?: 'open' | 'closed'): Promise<CrewBed> => {
      bed = await openCrew({ ...options, ...(load && { load }) })
      await bed.crew.prepare()
      return bed
    }
    /** No call below is counted twice or left out, and each operation is its instance's. */
    const application = (rows: readonly HistoryRow[]): HistoryRow[] => {
      const operations = rows.filter(({ layer }) => layer === 'app')
      expect(new Set(rows.map(({ op }) => op)).size).toBe(rows.length)
      expect(operations.filter(({ op, instance }) => op % options.instances !== instance)).toEqual([])
      return operations
    }

    test('a load to its end: counts, measurements and rows agree, and every instance takes part', async () => {
      const { crew, operations, crashes } = await prepared()
      expect(crew.openConnections).toBe(0)
      expect(await runLoad(bed)).toBe(1)
      const { counts, wire, openConnections } = crew
      await crew.close()
      const rows = application(await bed.rows())
      expect(rows.length).toBeGreaterThan(0)
      expect(openConnections).toBe(CONNECTIONS)
      expect(counts).toEqual({ started: rows.length, inFlight: 0, censored: 0 })
      expect(operations.classMeasurements(bed.loadNanos).reduce((sum, { layer, ok }) => sum + (layer === 'app' ? ok : 0), 0)).toBe(rows.length)
      expect(rows.filter(({ status, done }) => status !== 'ok' || done < 0)).toEqual([])
      expect(new Set(rows.map(({ instance }) => instance)).size).toBe(options.instances)
      expect(rows.filter(({ due, sent }) => sent < due || due < 0 || due >= bed.loadNanos)).toEqual([])
      expect(Math.min(wire.bytesOut, wire.bytesIn, wire.storedBytes)).toBeGreaterThan(0)
      expect(crashes).toEqual([])
    })

    test('each process that makes load meters itself and tallies what it began', async () => {
      const { crew, runtime } = await prepared()
      expect(crew.meters).toEqual([])
      await runLoad(bed)
      await crew.close()
      const { meters, counts } = crew
      const makers = meters.filter(({ instance }) => instance !== undefined)
      expect(makers.map(({ instance }) => instance)).toEqual(Array.from({ length: options.instances }, (_, number) => number))
      const begun = makers.map(({ load }) => load!.steps.reduce((sum, { began }) => sum + began, 0))
      expect(begun.reduce((sum, count) => sum + count, 0)).toBe(counts.started)
      expect(Math.min(...begun)).toBeGreaterThan(0)
      for (const { reading } of meters) {
        if (runtime.kind === 'virtual') expect(reading).toBeUndefined()
        else {
          expect(reading!.meteredNanos).toBeGreaterThan(0.9 * LOAD_NANOS)
          expect(reading!.eventLoopUtilization).toBeGreaterThan(0)
          expect(reading!.processorNanos).toBeGreaterThan(0)
        }
      }
    })

    test('stop ends it early, with nothing left under way; twice is once', async () => {
      const { crew } = await prepared()
      const drained = await runLoad(bed, () => {
        crew.stop()
        crew.stop()
      })
      expect(drained).toBe(1)
      expect(crew.counts.inFlight).toBe(0)
      await crew.close()
      const rows = application(await bed.rows())
      expect(rows.length).toBeGreaterThan(0)
      expect(rows.filter(({ status }) => status !== 'ok')).toEqual([])
    })

    test.each(['closed', 'open'] as const)(
      'an instance that is killed ends where it stands, what it had under way is unknown, and the others take over (%s loop)',
      async (load) => {
        const { crew, runtime, crashes } = await prepared(load)
        const last = options.instances - 1
        const survivors = Array.from({ length: last }, (_, instance) => instance)
        const began = runtime.now()
        const takeOvers: TakeOver[] = []
        let killedNanos = 0
        const drained = await runLoad(bed, () => {
          killedNanos = runtime.now() - began
          crew.kill(last, (takeOver) => void takeOvers.push(takeOver))
          crew.kill(last, (takeOver) => void takeOvers.push(takeOver))
        })
        expect(drained).toBe(1)
        expect(await crew.account()).toEqual([])
        await crew.verify()
        await crew.close()
        const history = bed.history()
        const rows = rowsOf(await columnsOfSource(history))
        const ofLoad = rows.filter(({ phase }) => phase !== VERIFY_PHASE)
        const [takeOver] = takeOvers
        expect(takeOvers.map(({ heirs }) => heirs)).toEqual([survivors])
        expectEnded(ofLoad, last, killedNanos, load === 'closed' ? 1 : 0)
        expectWhole(ofLoad, bed, survivors)
        expectTakenOver(ofLoad, bed, last, takeOver!)
        await expectReplayed(history, bed)
        const counted = ofLoad.filter(({ layer }) => layer === 'app')
        expect(crew.counts).toEqual({
          started: counted.filter(({ sent }) => sent >= 0).length,
          inFlight: 0,
          censored: counted.filter(({ sent }) => sent < 0).length,
        })
        for (const instance of survivors) {
          const own = ofLoad.filter((row) => row.instance === instance)
          expect(own.some(({ sent }) => sent > killedNanos)).toBe(true)
          expect(own.filter(({ status, sent }) => status !== 'ok' && sent >= 0)).toEqual([])
        }
        // Whoever is left reads back what the checks need.
        const probes = rows.filter(({ phase }) => phase === VERIFY_PHASE)
        expect(probes.some(({ layer }) => layer === 'probe' || layer === 'database')).toBe(options.instances > 1)
        expect(probes.filter(({ instance }) => options.instances > 1 && instance === last)).toEqual([])
        expect(crashes).toEqual([])
      },
    )

    test.each(['closed', 'open'] as const)('when all are killed what is due is never started, until the load ends (%s loop)', async (load) => {
      const { crew, runtime, crashes } = await prepared(load)
      const began = runtime.now()
      const takeOvers: TakeOver[] = []
      let drainedNanos = 0
      await runLoad(
        bed,
        () => {
          for (let instance = 0; instance < options.instances; instance++) crew.kill(instance, (takeOver) => void takeOvers.push(takeOver))
        },
        () => (drainedNanos = runtime.now() - began),
      )
      expect(drainedNanos).toBeGreaterThanOrEqual(bed.loadNanos)
      await crew.account()
      await crew.close()
      const history = bed.history()
      const rows = rowsOf(await columnsOfSource(history))
      const killed = takeOvers.at(-1)!
      expect(killed.heirs).toEqual([])
      expectWhole(rows, bed, [])
      await expectReplayed(history, bed)
      expect(rows.filter(({ sent, done }) => Math.max(sent, done) > killed.fromNanos)).toEqual([])
      expect(rows.filter(({ error }) => error === 'unstarted').length > 0).toBe(load === 'open')
      expect(crashes).toEqual([])
    })

    test('whoever reads back is told the last operation of all instances, not his own', async () => {
      const { crew, lastIndices } = await prepared()
      await runLoad(bed)
      await crew.verify()
      await crew.close()
      const operations = (await bed.rows()).filter(({ layer }) => layer === 'app')
      expect(lastIndices).toEqual([Math.max(...operations.map(({ op }) => op))])
    })

    test('abandon gives up everything at once', async () => {
      const { crew, runtime, crashes } = await prepared()
      const began = runtime.now()
      let abandonedNanos = 0
      const drained = await runLoad(bed, () => {
        abandonedNanos = runtime.now() - began
        crew.abandon()
        crew.abandon()
      })
      expect(drained).toBe(1)
      await crew.close()
      const rows = await bed.rows()
      for (let instance = 0; instance < options.instances; instance++) expectEnded(rows, instance, abandonedNanos)
      expect(crashes).toEqual([])
    })

    test('may be closed before anything began, and twice', async () => {
      const { crew } = await prepared()
      await crew.close()
      await crew.close()
      expect(crew.counts).toEqual({ started: 0, inFlight: 0, censored: 0 })
      expect(await bed.rows()).toEqual([])
    })
  })
}
