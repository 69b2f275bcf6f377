import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { runCheckers } from '../src/check/run-checkers.ts'
import type { Client, ReplySink } from '../src/client/client.ts'
import type { HistoryRow } from '../src/measure/history.ts'
import { historyOf, rowsOf } from '../src/measure/history-row.ts'
import { columnsOfSource } from '../src/measure/history-source.ts'
import type { Cell, RunResult } from '../src/measure/run-result.ts'
import { loadHistory } from '../src/run/history/load-history.ts'
import type { Plant } from '../src/run/instance/instance.ts'
import { MILLISECOND } from '../src/runtime/runtime.ts'
import type { DatabaseSession, PatternContext, World } from '../src/workload/pattern.ts'
import { cacheAside } from '../src/workload/patterns/cache-aside.ts'
import type { CachedRowsOptions } from '../src/workload/patterns/cached-rows.ts'
import { leaderboard } from '../src/workload/patterns/leaderboard.ts'
import { delegate } from './support/delegate.ts'
import { delaySets, dropDeletes, type PlantedCache, resendIncrements, withPlantedCache } from './support/planted-cache.ts'
import { sessionStoreLocalMemory } from './support/session-store-local-memory.ts'
import { measuredCell, virtualRun } from './support/virtual-run.ts'

/**
 * What the whole product must notice, planted one at a time on virtual time: counted exactly (against the definition,
 * worked out row by row), and not at all when nothing was planted.
 */
const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** One user after another: nothing overlaps, so without a fault nothing can be stale. */
const SERIAL_ROWS = `
name: planted
pattern: cache-aside
with: { write_ratio: 20%, ttl: 2s, ttl_jitter: 0%, missing: 0% }
keys: { count: 5, popularity: uniform }
values: { size: 100B }
load: { closed: { connections: 1 } }
phases: [ { steady: 4s } ]
baseline: false
`

interface Ran {
  cell: Cell
  rows: HistoryRow[]
  outcomes: Map<string, string>
  verdicts: Map<string, RunResult['verdicts'][number]>
}

async function runWith(yaml: string, plant?: Plant, seed = 7): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), 'cacheproof-planted-'))
  folders.push(folder)
  const finished = await virtualRun([yaml], { folder, seed, ...(plant && { plant }) })
  const cell = measuredCell(finished)
  const { source } = await loadHistory(folder, cell.history.file!)
  return {
    cell,
    rows: rowsOf(await columnsOfSource(source)),
    verdicts: new Map(finished.result.verdicts.map((verdict) => [verdict.id, verdict])),
    outcomes: new Map(finished.result.verdicts.map(({ id, outcome, claimOutcome }) => [id, claimOutcome ?? outcome])),
  }
}

function plantIn<Settings>(definition: Parameters<typeof withPlantedCache<Settings>>[0], wrap: PlantedCache): Plant {
  const planted = withPlantedCache(definition, wrap)
  return { createPattern: (context) => planted.create(context as PatternContext<Settings>) }
}

/** The history of a database that gave every nth commit the version of the one before. */
function versionsTwice(rows: readonly HistoryRow[], every: number): { rows: HistoryRow[]; planted: number } {
  const twice = new Map<number, number>()
  let commits = 0
  for (const { layer, fn, ret, parent } of rows) {
    if (layer === 'database' && fn === 'write' && ret > 2 && ++commits % every === 0) twice.set(parent, ret - 1)
  }
  const changed = rows.map((row): HistoryRow => {
    const version =
      row.layer === 'database' && row.fn === 'write'
        ? twice.get(row.parent)
        : row.layer === 'app' && row.fn === 'write'
          ? twice.get(row.op)
          : undefined
    return version === undefined ? row : { ...row, ret: version }
  })
  return { rows: changed, planted: twice.size }
}

/** Cache-aside with another database in front of the pattern. */
function withDatabase(wrap: (database: DatabaseSession) => DatabaseSession): Plant {
  return {
    createPattern(context) {
      const pattern = cacheAside.create(context as PatternContext<CachedRowsOptions>)
      const planted = (world: World): World => ({
        cache: world.cache,
        database: wrap(world.database),
        now: () => world.now(),
        sleep: (nanos) => world.sleep(nanos),
        probe: (row) => world.probe(row),
      })
      return { ...pattern, operation: (index, world) => pattern.operation(index, planted(world)) }
    },
  }
}

/** Every nth row that is read is said not to be there. */
async function runWithAbsentRows(yaml: string, every: number): Promise<Ran & { planted: number }> {
  let reads = 0
  let planted = 0
  const ran = await runWith(
    yaml,
    withDatabase((database) => ({
      write: (keyId, key, value) => database.write(keyId, key, value),
      async read(keyId, key) {
        const row = await database.read(keyId, key)
        if (row.status !== 'ok' || row.value === null || ++reads % every !== 0) return row
        planted++
        return { status: 'ok', value: null }
      },
    })),
  )
  return { ...ran, planted }
}

/** The definition, word for word: the read began after the commit of a newer version had been acknowledged to its writer, and returned an older one. */
function staleReadsOf(rows: readonly HistoryRow[]): HistoryRow[] {
  const app = rows.filter(({ layer, status }) => layer === 'app' && status === 'ok')
  const writes = rows.filter(({ layer, fn, status }) => layer === 'database' && fn === 'write' && status === 'ok')
  return app.filter(
    (read) =>
      read.fn === 'read' && !Number.isNaN(read.ret) && writes.some(({ key, ret, done }) => key === read.key && ret > read.ret && done < read.sent),
  )
}

describe('planted faults, on virtual time', () => {
  test('without a fault there is nothing to report', async () => {
    const { cell, rows, outcomes } = await runWith(SERIAL_ROWS)
    expect(cell.staleness!.judgedReads).toBeGreaterThan(500)
    expect(staleReadsOf(rows)).toEqual([])
    expect(cell.staleness).toMatchObject({ staleReads: 0, staleAtEnd: 0, readYourWritesViolations: 0, monotonicReadsViolations: 0 })
    for (const id of ['checker/stale-reads', 'checker/linearizable', 'checker/commits', 'checker/values']) expect(outcomes.get(id)).toBe('holds')
    // Entries are invalidated long before they expire.
    expect(outcomes.get('checker/expiry')).toBe('unknown')
  })

  test('a lost invalidation: every stale read that follows is counted', async () => {
    const { cell, rows, outcomes } = await runWith(SERIAL_ROWS, plantIn(cacheAside, dropDeletes(10)))
    const stale = staleReadsOf(rows)
    expect(stale.length).toBeGreaterThan(5)
    expect(cell.staleness!.staleReads).toBe(stale.length)
    expect(outcomes.get('checker/stale-reads')).toBe('fails')
    expect(outcomes.get('claim/cache-aside-can-be-stale')).toBe('supported')
  })

  test('the stale-set race: reader loads v1, writer commits v2 and deletes, reader stores v1', async () => {
    // Two users at 5 operations a second each; one store is held back by 2 s, so that a write of the same key passes it.
    const yaml = SERIAL_ROWS.replace('closed: { connections: 1 }', 'closed: { connections: 2, think: 100ms }')
      .replace('write_ratio: 20%, ttl: 2s', 'write_ratio: 8%, ttl: none')
      .replace('steady: 4s', 'steady: 60s')
    const clean = await runWith(yaml)
    expect(staleReadsOf(clean.rows)).toEqual([])
    expect(clean.cell.staleness!.staleReads).toBe(0)

    const held = raceIn(clean.rows)
    const { cell, rows } = await runWith(
      yaml,
      plantIn(
        cacheAside,
        delaySets(2050 * MILLISECOND, (_, index) => index === held),
      ),
    )
    const stale = staleReadsOf(rows)
    expect(stale.length).toBeGreaterThan(0)
    expect(cell.staleness!.staleReads).toBe(stale.length)
    const late = rows.find(({ layer, parent, fn }) => layer === 'cache' && parent === held && fn === 'set')!
    expect(stale.every(({ key, sent }) => key === late.key && sent > late.sent)).toBe(true)
  })

  test('two writers of one key reach the cache in the other order: a stale read is a key that is not linearizable', async () => {
    const yaml = `
name: planted-race
pattern: write-through
with: { write_ratio: 40%, ttl: none }
keys: { count: 20, popularity: uniform }
load: { open: { rate: 1000/s } }
phases: [ { steady: 4s } ]
baseline: false
`
    const { cell, rows, outcomes, verdicts } = await runWith(yaml)
    expect(staleReadsOf(rows).length).toBeGreaterThan(50)
    expect(cell.staleness!.staleReads).toBe(staleReadsOf(rows).length)
    expect(outcomes.get('checker/linearizable')).toBe('fails')
    expect(verdicts.get('checker/linearizable')!.numbers!['keysNotLinearizable']).toBeGreaterThan(10)
    expect(outcomes.get('checker/commits')).toBe('holds')
  })

  test('a database that issues a version twice: each is counted, and gates', async () => {
    const clean = await runWith(SERIAL_ROWS)
    const { rows, planted } = versionsTwice(clean.rows, 25)
    expect(planted).toBeGreaterThan(3)
    const { verdicts } = runCheckers(clean.cell, historyOf(rows))
    expect(verdicts.find(({ id }) => id === 'checker/commits')).toMatchObject({ outcome: 'fails', gates: true, numbers: { versionsTwice: planted } })
    expect(clean.outcomes.get('checker/commits')).toBe('holds')
  })

  test('a database that answers "absent" for a row that is there', async () => {
    const { outcomes, verdicts, planted } = await runWithAbsentRows(SERIAL_ROWS, 5)
    expect(planted).toBeGreaterThan(20)
    expect(outcomes.get('checker/values')).toBe('fails')
    // Those that a negative entry answered afterwards are as wrong.
    expect(verdicts.get('checker/values')!.numbers!['wronglyAbsent']).toBeGreaterThanOrEqual(planted)
  })

  test('an expiry served late: every late read is counted, and by how much', async () => {
    // With a pause between operations, or an entry that has just ended is always asked for within the clock's tolerance.
    const yaml = SERIAL_ROWS.replace('write_ratio: 20%, ttl: 2s', 'write_ratio: 1%, ttl: 200ms').replace(
      'connections: 1',
      'connections: 1, think: 2ms',
    )
    const clean = await runWith(yaml)
    expect(clean.outcomes.get('checker/expiry')).toBe('holds')
    expect(await expiryEvidence(clean.cell, clean.rows)).toBe(0)

    const client = lateClient(50 * MILLISECOND)
    const { cell, outcomes, rows } = await runWith(yaml, { wrapClient: client.wrap })
    expect(client.servedLate).toBeGreaterThan(5)
    expect(outcomes.get('checker/expiry')).toBe('fails')
    const evidence = await expiryEvidence(cell, rows)
    expect(evidence).toBe(client.servedLate)
  })

  test('a leaderboard that double-counts a resent increment: each is counted', async () => {
    const yaml = `
name: planted-board
pattern: leaderboard
keys: { count: 20, popularity: uniform }
load: { closed: { connections: 1 } }
phases: [ { steady: 3s } ]
baseline: false
`
    const clean = await runWith(yaml)
    expect(clean.cell.leaderboard).toMatchObject({ duplicatedIncrements: 0, lostIncrements: 0, unsortedReads: 0 })
    expect(clean.outcomes.get('checker/leaderboard-totals')).toBe('holds')

    const { cell, outcomes } = await runWith(yaml, plantIn(leaderboard, resendIncrements(200)))
    const resent = Math.floor(cell.leaderboard!.acknowledged / 200)
    expect(resent).toBeGreaterThan(3)
    expect(cell.leaderboard!.duplicatedIncrements).toBe(resent)
    expect(outcomes.get('checker/leaderboard-totals')).toBe('fails')
  })

  test('an instance that keeps sessions in its own memory: the claims of sharing and of survival fail', async () => {
    const yaml = `
name: planted-sessions
pattern: session-store
with: { ttl: 30m, active: 60 }
keys: { count: 100 }
load: { open: { rate: 300/s } }
phases: [ { steady: 4s } ]
instances: 3
kill_instance: { instance: 1, at: 2s }
baseline: false
`
    const clean = await runWith(yaml)
    expect(clean.outcomes.get('claim/sessions-shared-between-instances')).toBe('supported')
    expect(clean.outcomes.get('claim/sessions-survive-instance-loss')).toBe('supported')
    expect(clean.cell.sessions).toMatchObject({ lostSessions: 0, lostUpdates: 0, resurrectedSessions: 0 })

    const planted = await runWith(yaml, {
      createPattern: (context) => sessionStoreLocalMemory.create(context as Parameters<typeof sessionStoreLocalMemory.create>[0]),
    })
    expect(planted.outcomes.get('claim/sessions-shared-between-instances')).toBe('contradicted')
    expect(planted.outcomes.get('claim/sessions-survive-instance-loss')).toBe('contradicted')
    expect(planted.cell.sessions!.lostSessions).toBeGreaterThan(0)
  })
})

/** A read that missed, the next write of whose key comes soon enough to pass its store: index of the read. */
function raceIn(rows: readonly HistoryRow[]): number {
  const app = rows.filter(({ layer }) => layer === 'app')
  const race = app.find(
    (read) =>
      read.outcome === 'read miss' &&
      app.some((write) => write.fn === 'write' && write.key === read.key && write.sent > read.done && write.done < read.done + 1000 * MILLISECOND),
  )
  if (!race) throw new Error('no race in this run: choose another seed')
  return race.op
}

/** A client of a server whose entries outlive their time: a miss within `lateNanos` after the end is answered with the value. */
function lateClient(lateNanos: number) {
  const entries = new Map<string, { readonly value: Uint8Array; readonly endsAt: number }>()
  const late = {
    servedLate: 0,
    wrap: ((client, runtime) =>
      delegate(client, {
        submit(command, token, sink, lane) {
          const key = String(command[1])
          if (command[0] === 'DEL') entries.delete(key)
          const sentAt = runtime.now()
          const spoiled: ReplySink = {
            reply(_, reply, facts) {
              if (command[0] === 'SET')
                entries.set(key, { value: command[2] as Uint8Array, endsAt: runtime.now() + Number(command[4]) * MILLISECOND })
              const entry = entries.get(key)
              const isLate = command[0] === 'GET' && reply === null && entry !== undefined && sentAt < entry.endsAt + lateNanos
              if (isLate && sentAt > entry.endsAt + 5 * MILLISECOND) late.servedLate++
              sink.reply(token, isLate ? entry.value : reply, facts)
            },
            failed: (_, failure, facts) => sink.failed(token, failure, facts),
          }
          client.submit(command, token, spoiled, lane)
        },
      })) satisfies NonNullable<Plant['wrapClient']> as (client: Client, runtime: { now(): number }) => Client,
  }
  return late
}

async function expiryEvidence(cell: Cell, rows: readonly HistoryRow[]): Promise<number> {
  const { checkExpiry } = await import('../src/check/expiry.ts')
  const { ttlNanos } = (cell.settings as { settings: { ttlNanos: number } }).settings
  return checkExpiry(historyOf(rows), ttlNanos, 5 * MILLISECOND).servedLate
}
