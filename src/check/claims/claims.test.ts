import { describe, expect, it } from 'vitest'
import type { Cell, Recovery, Sessions, Staleness } from '../../measure/run-result.ts'
import { MILLISECOND, SECOND } from '../../runtime/runtime.ts'
import { cellFixture, classFixture, DATABASE_FIXTURE, LIMITED_AUDIT, latencyFixture } from '../cell-fixture.contract.ts'
import { CLAIMS } from './registry.ts'

const claim = (id: string) => CLAIMS.find((one) => one.id === id)!
const outcome = (id: string, cells: readonly Cell[]) => claim(id).measure({ cells, verdicts: [] })
const is = (id: string, cells: readonly Cell[]) => outcome(id, cells).claimOutcome

const SETTINGS = { load: { kind: 'open', ratePerSecond: 1000 }, keys: { count: 100 }, settings: { writeRatio: 0.1, ttlNanos: null as number | null } }
interface RowsGiven {
  readonly hits?: number
  readonly misses?: number
  readonly hitMillis?: number
  readonly missMillis?: number
}
function rows(pattern: string, given: RowsGiven = {}, fields: Partial<Cell> = {}): Cell {
  const { hits = 9000, misses = 1000, hitMillis = 0.2, missMillis = 5 } = given
  return cellFixture({
    workload: pattern,
    pattern,
    database: DATABASE_FIXTURE,
    settings: SETTINGS,
    classes: [
      classFixture('app', 'read hit', 'read', hits, hitMillis),
      classFixture('app', 'read miss', 'read', misses, missMillis),
      classFixture('app', 'write', 'write', 1000),
    ],
    ...fields,
  })
}
const baseline = (millis: number, fields: Partial<Cell> = {}): Cell =>
  cellFixture({
    workload: 'none (cache-aside)',
    pattern: 'none',
    role: 'baseline',
    baselineOf: 'cache-aside',
    database: DATABASE_FIXTURE,
    target: { ...cellFixture().target, label: 'database alone', evidence: 'modelled' },
    classes: [classFixture('app', 'read', 'read', 10_000, millis), classFixture('app', 'write', 'write', 1000)],
    ...fields,
  })
const staleness = (staleReads: number, judgedReads: number, oldestMillis = 10, burst = 1): Staleness => ({
  judgedReads,
  staleReads,
  ...(staleReads > 0 && { ageNanos: latencyFixture([oldestMillis], staleReads) }),
  staleEpisodes: Math.ceil(staleReads / burst),
  staleEpisodeSquares: Math.ceil(staleReads / burst) * burst ** 2,
  staleAtEnd: 0,
  readBack: 100,
  readYourWritesViolations: 0,
  monotonicReadsViolations: 0,
  examples: [],
})
interface Worth {
  readonly offload?: number
  readonly trips?: number
  readonly bytesOut?: number
  readonly neverReadBytes?: number | null
}
/** The cell with so many calls under its operations, and so many bytes. */
function worth(cell: Cell, { offload = 0.9, trips = 1, bytesOut = 1e6, neverReadBytes = 1e5 }: Worth): Cell {
  const app = cell.classes.filter(({ layer }) => layer === 'app')
  const count = (kind?: 'read') => app.filter((one) => kind === undefined || one.kind === kind).reduce((sum, one) => sum + one.ok, 0)
  return {
    ...cell,
    wire: { bytesOut, bytesIn: 1e6, storedBytes: 1e6, neverReadBytes },
    classes: [
      ...app,
      classFixture('cache', 'get', 'read', Math.round(count() * trips)),
      classFixture('database', 'read', 'read', Math.round(count('read') * (1 - offload))),
    ],
  }
}
const sessions = (fields: Partial<Sessions>): Sessions => ({
  logins: 500,
  loginsAcknowledged: 500,
  logouts: 100,
  lostSessions: 0,
  lostUpdates: 0,
  resurrectedSessions: 0,
  servedAfterExpiry: 0,
  worstLatenessNanos: 0,
  sharedReads: 400,
  sharedReadsLost: 0,
  examples: ['session 7 was lost'],
  ...fields,
})
const sessionCell = (given: Partial<Sessions>, fields: Partial<Cell> = {}): Cell =>
  cellFixture({
    workload: 'session-store',
    pattern: 'session-store',
    instances: 2,
    sessions: sessions(given),
    settings: { killInstance: { instance: 1, atNanos: SECOND } },
    ...fields,
  })
const loss = (fields: Partial<Recovery> = {}): Recovery => ({
  fault: 'kill',
  on: 'primary',
  startNanos: SECOND,
  endNanos: 2 * SECOND,
  readUnavailableNanos: 0,
  writeUnavailableNanos: 0,
  rateRecoveredNanos: 0,
  errors: {},
  lostWrites: null,
  lostSessions: null,
  hitRatioBefore: 0.9,
  hitRatioLowest: 0,
  hitRatioRecoveredNanos: null,
  lostHits: 10,
  extraDatabaseReads: 0,
  peakDatabaseReadsPerSecond: 0,
  ...fields,
})
const board = (unsortedReads: number, rankChanges: number, fields: Partial<Cell> = {}): Cell =>
  cellFixture({
    workload: 'leaderboard',
    pattern: 'leaderboard',
    classes: [classFixture('app', 'submit', 'write', 500), classFixture('app', 'top', 'read', 500)],
    leaderboard: {
      increments: 500,
      acknowledged: 500,
      unknown: 0,
      members: 50,
      lostIncrements: 0,
      duplicatedIncrements: 0,
      rankChanges,
      unsortedReads,
      examples: ['x'],
    },
    ...fields,
  })
const memcached: Cell['target'] = { ...cellFixture().target, engine: 'memcached', label: 'local:memcached' }

/** Of every claim: what supports it, what goes the other way (or shows nothing), and to what it does not apply. */
const cases: readonly [id: string, supported: Cell[], otherway: readonly ['contradicted' | 'not observed', Cell[]][], notApplicable: Cell[]][] = [
  [
    'cache-lowers-latency',
    [rows('cache-aside'), baseline(5)],
    [
      ['contradicted', [rows('cache-aside'), baseline(0.1)]],
      ['not observed', [rows('cache-aside'), baseline(0.7)]],
      ['not observed', [rows('cache-aside', { hits: 10, misses: 5 }), baseline(5)]],
      ['not observed', [rows('cache-aside'), baseline(5), rows('cache-aside', {}, { block: 1 }), baseline(0.1, { block: 1 })]],
    ],
    [rows('cache-aside')],
  ],
  [
    'offloads-repeated-reads',
    [worth(rows('cache-aside'), {})],
    [
      ['contradicted', [worth(rows('cache-aside'), { offload: 0.02 })]],
      ['not observed', [worth(rows('cache-aside'), { offload: 0.3 })]],
      ['not observed', [worth(rows('cache-aside', { hits: 40, misses: 10 }), {})]],
    ],
    [sessionCell({})],
  ],
  [
    'first-request-after-miss-is-slower',
    [rows('cache-aside')],
    [
      ['contradicted', [rows('cache-aside', { missMillis: 0.1 })]],
      ['not observed', [rows('cache-aside', { misses: 3 })]],
    ],
    [board(0, 5)],
  ],
  [
    'cache-loss-is-not-fatal',
    [rows('cache-aside', {}, { recovery: [loss()] })],
    [
      ['contradicted', [rows('cache-aside', {}, { recovery: [loss({ readUnavailableNanos: 3 * SECOND })] })]],
      ['contradicted', [rows('cache-aside', {}, { recovery: [loss({ readUnavailableNanos: null })] })]],
      ['not observed', [rows('cache-aside', { hits: 20, misses: 10 }, { recovery: [loss()] })]],
    ],
    [rows('cache-aside')],
  ],
  [
    'cache-aside-can-be-stale',
    [rows('cache-aside', {}, { staleness: staleness(3, 9000) })],
    [['not observed', [rows('cache-aside', {}, { staleness: staleness(0, 9000) })]]],
    [rows('write-through', {}, { staleness: staleness(3, 9000) })],
  ],
  [
    'ttl-bounds-staleness',
    [rows('cache-aside', {}, { staleness: staleness(3, 9000, 800), settings: { ...SETTINGS, settings: { ttlNanos: SECOND } } })],
    [
      ['contradicted', [rows('cache-aside', {}, { staleness: staleness(3, 9000, 1100), settings: { ...SETTINGS, settings: { ttlNanos: SECOND } } })]],
      ['not observed', [rows('cache-aside', {}, { staleness: staleness(0, 9000), settings: { ...SETTINGS, settings: { ttlNanos: SECOND } } })]],
      ['not observed', [rows('cache-aside', {}, { staleness: staleness(3, 9000), settings: { ...SETTINGS, settings: { ttlNanos: 60 * SECOND } } })]],
    ],
    [rows('write-through', {}, { staleness: staleness(3, 9000) })],
  ],
  [
    'write-through-reduces-staleness',
    [rows('cache-aside', {}, { staleness: staleness(200, 9000) }), rows('write-through', {}, { staleness: staleness(20, 9000) })],
    [
      ['contradicted', [rows('cache-aside', {}, { staleness: staleness(20, 9000) }), rows('write-through', {}, { staleness: staleness(200, 9000) })]],
      ['not observed', [rows('cache-aside', {}, { staleness: staleness(0, 9000) }), rows('write-through', {}, { staleness: staleness(0, 9000) })]],
      ['not observed', [rows('cache-aside', {}, { staleness: staleness(5, 9000) }), rows('write-through', {}, { staleness: staleness(3, 9000) })]],
    ],
    [
      rows('cache-aside', {}, { staleness: staleness(200, 9000) }),
      rows('write-through', {}, { staleness: staleness(20, 9000), settings: { ...SETTINGS, load: { kind: 'open', ratePerSecond: 50 } } }),
    ],
  ],
  [
    'write-through-never-stale',
    [],
    [
      ['contradicted', [rows('write-through', {}, { staleness: staleness(1, 9000) })]],
      ['contradicted', [rows('write-through', {}, { staleness: { ...staleness(0, 9000), staleAtEnd: 1 } })]],
      ['not observed', [rows('write-through', {}, { staleness: staleness(0, 9000) })]],
    ],
    [rows('cache-aside', {}, { staleness: staleness(1, 9000) })],
  ],
  [
    'write-through-raises-hit-ratio',
    [rows('cache-aside', { hits: 8000, misses: 2000 }), rows('write-through', { hits: 9500, misses: 500 })],
    [
      ['contradicted', [rows('cache-aside', { hits: 9500, misses: 500 }), rows('write-through', { hits: 8000, misses: 2000 })]],
      ['not observed', [rows('cache-aside'), rows('write-through', { hits: 9020, misses: 980 })]],
    ],
    [rows('cache-aside')],
  ],
  [
    'write-through-stores-unread-data',
    [worth(rows('write-through'), { neverReadBytes: 8e5 })],
    [
      ['contradicted', [worth(rows('write-through'), { neverReadBytes: 1e5 })]],
      ['not observed', [worth(rows('write-through'), { neverReadBytes: 5e5 })]],
    ],
    [worth(rows('write-through'), { neverReadBytes: null })],
  ],
  [
    'strategies-differ',
    [worth(rows('cache-aside'), {}), worth(rows('write-through', {}, { codePaths: 5 }), { trips: 1.5, bytesOut: 3e6 })],
    [
      ['contradicted', [worth(rows('cache-aside'), {}), worth(rows('write-through'), {})]],
      ['not observed', [worth(rows('cache-aside'), {}), worth(rows('write-through', {}, { codePaths: 3 }), {})]],
    ],
    [worth(rows('cache-aside'), {})],
  ],
  [
    'sessions-shared-between-instances',
    [sessionCell({})],
    [
      ['contradicted', [sessionCell({ sharedReadsLost: 1, lostSessions: 1 })]],
      ['not observed', [sessionCell({ sharedReads: 5 })]],
    ],
    [sessionCell({}, { instances: 1 })],
  ],
  [
    'sessions-survive-instance-loss',
    [sessionCell({})],
    [
      ['contradicted', [sessionCell({ lostSessions: 2 })]],
      ['not observed', [sessionCell({ lostSessions: 9 }, { settings: { killInstance: { instance: 1, atNanos: 1 }, faults: [{ fault: 'kill' }] } })]],
      ['not observed', [sessionCell({ sharedReads: 5 })]],
    ],
    [sessionCell({}, { settings: {} })],
  ],
  [
    'sorted-set-unique-and-ranked',
    [board(0, 40)],
    [
      ['contradicted', [board(1, 40)]],
      ['not observed', [board(0, 0)]],
    ],
    [rows('cache-aside')],
  ],
  [
    'memcached-lacks-replicas-persistence-rich-types',
    [
      cellFixture({ workload: 'leaderboard', pattern: 'leaderboard', target: memcached, notApplicable: 'no sorted sets' }),
      sessionCell({ lostSessions: 9 }, { target: memcached, recovery: [loss({ lostSessions: 9 })] }),
    ],
    [
      ['contradicted', [board(0, 40, { target: memcached })]],
      ['contradicted', [sessionCell({}, { target: memcached, recovery: [loss({ lostSessions: 0, hitRatioLowest: 0.88 })] })]],
      ['not observed', [sessionCell({}, { target: memcached, recovery: [loss({ lostSessions: 0, hitRatioLowest: null })] })]],
      ['not observed', [rows('cache-aside', {}, { target: memcached, recovery: [loss()] })]],
      ['not observed', [rows('cache-aside', {}, { target: memcached })]],
      ['not observed', [cellFixture({ workload: 'leaderboard', pattern: 'leaderboard', target: memcached, notApplicable: 'no sorted sets' })]],
      ['not observed', [sessionCell({ lostSessions: 9 }, { target: memcached, recovery: [loss({ lostSessions: 9 })] })]],
    ],
    [rows('cache-aside')],
  ],
]

describe('claims', () => {
  it('has a case of every kind for each claim', () => {
    expect(cases.map(([id]) => id)).toEqual(CLAIMS.map((one) => one.id))
  })

  describe.each(cases)('%s', (id, supported, otherway, notApplicable) => {
    // "Never" can't be proven by any number of cases: that one claim has no supported case.
    it.each(supported.length > 0 ? ['supported'] : [])('is %s', () => {
      const verdict = outcome(id, supported)
      expect(verdict).toMatchObject({
        kind: 'claim',
        id: `claim/${id}`,
        outcome: 'holds',
        claimOutcome: 'supported',
        gates: false,
        evidenceKind: 'observed',
      })
      expect(verdict.evidence).toContain('Threshold: ')
      expect(verdict.cells?.length).toBeGreaterThan(0)
    })

    it.each(otherway.map(([word, cells], position) => [word, position, cells] as const))('is %s (%i)', (word, _, cells) => {
      expect(outcome(id, cells)).toMatchObject({ claimOutcome: word, outcome: word === 'contradicted' ? 'fails' : 'unknown', gates: false })
    })

    it('does not apply', () => {
      expect(is(id, notApplicable)).toBe('not applicable')
      expect(is(id, [])).toBe('not applicable')
    })
  })

  it('leaves a limited generator out where time counts, and says so', () => {
    const cells = [rows('cache-aside', {}, { audit: LIMITED_AUDIT }), baseline(5)]
    expect(is('cache-lowers-latency', cells)).toBe('not observed')
    expect(outcome('cache-lowers-latency', cells).evidence).toContain('Could not be judged')
    expect(outcome('cache-lowers-latency', cells).evidence).toContain('generator-limited (achieved half of the rate)')
    const limitedBaseline = [rows('cache-aside'), baseline(5, { audit: LIMITED_AUDIT })]
    expect(outcome('cache-lowers-latency', limitedBaseline).evidence).toContain('generator-limited')
    expect(is('write-through-never-stale', [rows('write-through', {}, { audit: LIMITED_AUDIT, staleness: staleness(1, 9000) })])).toBe('contradicted')
  })

  it('names the models that its evidence rests on', () => {
    const modelled = rows(
      'cache-aside',
      {},
      { target: { ...cellFixture().target, label: 'engine:redis', evidence: 'modelled', networkModel: 'median 0.1 ms' } },
    )
    const verdict = outcome('first-request-after-miss-is-slower', [modelled])
    expect(verdict.evidenceKind).toBe('modelled')
    expect(verdict.evidence).toContain('engine:redis (network model: median 0.1 ms)')
  })

  it('bounds what it did not see', () => {
    expect(outcome('cache-aside-can-be-stale', [rows('cache-aside', {}, { staleness: staleness(0, 3000) })])).toMatchObject({
      numbers: { upperBound: 0.001 },
      evidence: expect.stringContaining('0 of 3,000'),
    })
  })

  it('carries the counterexample that the checker of the cell gave', () => {
    const cell = rows('write-through', {}, { staleness: staleness(1, 9000) })
    const checker = {
      kind: 'checker',
      id: 'checker/stale-reads',
      sentence: '',
      outcome: 'fails',
      evidence: '',
      cells: [cell.id],
      counterexample: ['read, too old'],
      gates: false,
    } as const
    expect(claim('write-through-never-stale').measure({ cells: [cell], verdicts: [checker] }).counterexample).toEqual(['read, too old'])
  })

  it('takes a burst of reads of one stale entry for one event', () => {
    const pair = (burst: number) => [
      rows('cache-aside', {}, { staleness: staleness(30, 9000, 10, burst) }),
      rows('write-through', {}, { staleness: staleness(90, 9000, 10, burst) }),
    ]
    expect(is('write-through-reduces-staleness', pair(1))).toBe('contradicted')
    expect(is('write-through-reduces-staleness', pair(10))).toBe('not observed')
    expect(is('write-through-reduces-staleness', pair(30))).toBe('not observed')
  })

  it('compares strategies block by block', () => {
    const pair = (block: number, asideStale: number, throughStale: number) => [
      rows('cache-aside', {}, { block, staleness: staleness(asideStale, 9000) }),
      rows('write-through', {}, { block, staleness: staleness(throughStale, 9000) }),
    ]
    expect(is('write-through-reduces-staleness', [...pair(0, 200, 20), ...pair(1, 210, 30)])).toBe('supported')
    expect(is('write-through-reduces-staleness', [...pair(0, 200, 20), ...pair(1, 20, 30)])).toBe('not observed')
  })

  it('speaks of a miss in milliseconds that were measured', () => {
    expect(outcome('first-request-after-miss-is-slower', [rows('cache-aside')]).numbers).toMatchObject({
      missMeanNanos: 5 * MILLISECOND,
      misses: 1000,
    })
  })
})
