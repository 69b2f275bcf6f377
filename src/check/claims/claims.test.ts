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
  sharedReadsBeforeFaults: 200,
  sharedReadsLostBeforeFaults: 0,
  orphanReads: 100,
  orphanReadsLost: 0,
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

const NO_BOARD = cellFixture({ workload: 'leaderboard', pattern: 'leaderboard', target: memcached, notApplicable: 'no sorted sets' })
const KILLED = { kind: 'fault', name: 'kill', detail: 'primary', startNanos: SECOND, endNanos: 2 * SECOND } as const
/** As a run of version 1 has it. */
const UNTOLD = { sharedReadsBeforeFaults: undefined, sharedReadsLostBeforeFaults: undefined }
const ttl = (ttlNanos: number) => ({ ...SETTINGS, settings: { ...SETTINGS.settings, ttlNanos } })
/** Cache-aside whose writes leave the cache alone, and write-through. */
const ttlAlone = (stale: number, judged = 9000): Cell =>
  rows('cache-aside', {}, { staleness: staleness(stale, judged), settings: { ...SETTINGS, settings: { ...SETTINGS.settings, onWrite: 'none' } } })
const through = (stale: number, judged = 9000): Cell => rows('write-through', {}, { staleness: staleness(stale, judged) })
function unread(neverReadBytes: number, writePopularity = 'uniform', stores = 1000): Cell {
  const cell = worth(rows('write-through', {}, { settings: { ...SETTINGS, settings: { ...SETTINGS.settings, writePopularity } } }), {
    neverReadBytes,
  })
  return { ...cell, classes: [...cell.classes, classFixture('cache', 'set', 'write', stores)] }
}

/** Of every claim: what supports it, what goes the other way (or shows nothing), and to what it does not apply. */
const cases: readonly [
  id: string,
  supported: Cell[],
  otherway: readonly ['contradicted' | 'not observed' | 'not tested', Cell[]][],
  notApplicable: Cell[],
][] = [
  [
    'cache-lowers-latency',
    [rows('cache-aside'), baseline(5)],
    [
      ['contradicted', [rows('cache-aside'), baseline(0.1)]],
      ['not observed', [rows('cache-aside'), baseline(0.7)]],
      ['not tested', [rows('cache-aside', { hits: 10, misses: 5 }), baseline(5)]],
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
      ['not tested', [worth(rows('cache-aside', { hits: 40, misses: 10 }), {})]],
    ],
    [sessionCell({})],
  ],
  [
    'first-request-after-miss-is-slower',
    [rows('cache-aside')],
    [
      ['contradicted', [rows('cache-aside', { missMillis: 0.1 })]],
      ['not observed', [rows('cache-aside', { missMillis: 0.22 })]],
      ['not tested', [rows('cache-aside', { misses: 3 })]],
    ],
    [board(0, 5)],
  ],
  [
    'cache-loss-is-not-fatal',
    [rows('cache-aside', {}, { recovery: [loss()] })],
    [
      ['contradicted', [rows('cache-aside', {}, { recovery: [loss({ readUnavailableNanos: 3 * SECOND })] })]],
      ['contradicted', [rows('cache-aside', {}, { recovery: [loss({ readUnavailableNanos: null })] })]],
      ['not tested', [rows('cache-aside', { hits: 20, misses: 10 }, { recovery: [loss()] })]],
    ],
    [rows('cache-aside')],
  ],
  [
    'cache-aside-can-be-stale',
    [rows('cache-aside', {}, { staleness: staleness(3, 9000) })],
    [
      ['not observed', [rows('cache-aside', {}, { staleness: staleness(0, 9000) })]],
      ['not tested', [rows('cache-aside', {}, { staleness: { ...staleness(0, 9000), refutableReads: 12 } })]],
    ],
    [rows('write-through', {}, { staleness: staleness(3, 9000) }), ttlAlone(300)],
  ],
  [
    'ttl-bounds-staleness',
    [rows('cache-aside', {}, { staleness: staleness(3, 9000, 800), settings: { ...SETTINGS, settings: { ttlNanos: SECOND } } })],
    [
      ['contradicted', [rows('cache-aside', {}, { staleness: staleness(3, 9000, 1100), settings: { ...SETTINGS, settings: { ttlNanos: SECOND } } })]],
      ['not tested', [rows('cache-aside', {}, { staleness: staleness(0, 9000), settings: { ...SETTINGS, settings: { ttlNanos: SECOND } } })]],
      ['not tested', [rows('cache-aside', {}, { staleness: staleness(3, 9000), settings: { ...SETTINGS, settings: { ttlNanos: 60 * SECOND } } })]],
    ],
    [rows('write-through', {}, { staleness: staleness(3, 9000) })],
  ],
  [
    'write-through-fresher-than-ttl-alone',
    [ttlAlone(200), through(20)],
    [
      ['contradicted', [ttlAlone(20), through(200)]],
      ['not observed', [ttlAlone(0), through(0)]],
      ['not observed', [ttlAlone(5), through(3)]],
      ['not observed', [ttlAlone(100), through(95)]],
      ['not tested', [ttlAlone(20, 900), through(2, 900)]],
    ],
    // Invalidation is another strategy.
    [rows('cache-aside', {}, { staleness: staleness(200, 9000) }), through(20)],
  ],
  [
    'write-through-fresher-than-invalidation',
    [rows('cache-aside', {}, { staleness: staleness(200, 9000) }), through(20)],
    [
      ['contradicted', [rows('cache-aside', {}, { staleness: staleness(20, 9000) }), through(200)]],
      ['not observed', [rows('cache-aside', {}, { staleness: staleness(0, 9000) }), through(0)]],
      ['not observed', [rows('cache-aside', {}, { staleness: staleness(5, 9000) }), through(3)]],
      ['not tested', [rows('cache-aside', {}, { staleness: staleness(20, 900) }), through(2, 900)]],
    ],
    [
      ttlAlone(200),
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
      ['not tested', [rows('write-through', {}, { staleness: { ...staleness(0, 9000), refutableReads: 0 } })]],
    ],
    [rows('cache-aside', {}, { staleness: staleness(1, 9000) })],
  ],
  [
    'write-through-raises-hit-ratio',
    [rows('cache-aside', { hits: 8000, misses: 2000 }), rows('write-through', { hits: 9500, misses: 500 })],
    [
      ['contradicted', [rows('cache-aside', { hits: 9500, misses: 500 }), rows('write-through', { hits: 8000, misses: 2000 })]],
      ['not observed', [rows('cache-aside'), rows('write-through', { hits: 9020, misses: 980 })]],
      ['not tested', [rows('cache-aside', { hits: 800, misses: 190 }), rows('write-through', { hits: 950, misses: 50 })]],
      // Another time to live is another hit ratio, whatever a write does.
      [
        'not tested',
        [rows('cache-aside', { hits: 8000, misses: 2000 }, { settings: ttl(5 * SECOND) }), rows('write-through', { hits: 9500, misses: 500 })],
      ],
    ],
    [rows('cache-aside')],
  ],
  [
    'write-through-stores-unread-data',
    [unread(8e5)],
    [
      ['contradicted', [unread(1e5)]],
      ['not observed', [unread(5e5)]],
      // What is written most is what is read most.
      ['not tested', [unread(1e5, 'as reads')]],
      ['not tested', [unread(8e5, 'as reads')]],
      ['not tested', [unread(8e5, 'uniform', 99)]],
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
      ['contradicted', [sessionCell({ sharedReadsLost: 1, sharedReadsLostBeforeFaults: 1, lostSessions: 1 })]],
      ['not tested', [sessionCell({ sharedReadsBeforeFaults: 5 })]],
      // A run of before reads were told apart by faults.
      ['not tested', [sessionCell({ ...UNTOLD, sharedReadsLost: 9 }, { events: [KILLED] })]],
      ['contradicted', [sessionCell({ ...UNTOLD, sharedReadsLost: 9 })]],
    ],
    [sessionCell({}, { instances: 1 })],
  ],
  [
    'sessions-survive-instance-loss',
    [sessionCell({})],
    [
      ['contradicted', [sessionCell({ orphanReadsLost: 2 })]],
      [
        'not observed',
        [sessionCell({ orphanReadsLost: 9 }, { settings: { killInstance: { instance: 1, atNanos: 1 }, faults: [{ fault: 'kill' }] } })],
      ],
      ['not tested', [sessionCell({ orphanReads: 29 })]],
      // Lost, but not with the instance: whoever wrote it last is alive.
      ['not tested', [sessionCell({ lostSessions: 3, orphanReads: 0 })]],
    ],
    [sessionCell({}, { settings: {} })],
  ],
  [
    'sorted-set-unique-and-ranked',
    [board(0, 40)],
    [
      ['contradicted', [board(1, 40)]],
      ['not tested', [board(0, 0)]],
    ],
    [rows('cache-aside')],
  ],
  [
    'memcached-lacks-replicas-persistence-rich-types',
    [NO_BOARD, sessionCell({ readsAfterServerLoss: 60, foundAfterServerLoss: 0 }, { target: memcached })],
    [
      ['contradicted', [board(0, 40, { target: memcached })]],
      ['contradicted', [sessionCell({ readsAfterServerLoss: 60, foundAfterServerLoss: 55 }, { target: memcached })]],
      ['not tested', [NO_BOARD, sessionCell({ readsAfterServerLoss: 29, foundAfterServerLoss: 0 }, { target: memcached })]],
      ['not tested', [rows('cache-aside', {}, { target: memcached, recovery: [loss()] })]],
      ['not tested', [rows('cache-aside', {}, { target: memcached })]],
      ['not tested', [NO_BOARD, board(0, 40)]],
      ['not tested', [sessionCell({ readsAfterServerLoss: 60, foundAfterServerLoss: 0 }, { target: memcached })]],
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
      expect(verdict.observations).toBeGreaterThan(0)
    })

    it.each(otherway.map(([word, cells], position) => [word, position, cells] as const))('is %s (%i)', (word, _, cells) => {
      const verdict = outcome(id, cells)
      expect(verdict).toMatchObject({ claimOutcome: word, outcome: word === 'contradicted' ? 'fails' : 'unknown', gates: false })
      // What was not tested names what would test it.
      if (word === 'not tested')
        expect(verdict.notTested).toMatchObject({ why: expect.stringMatching(/./), command: expect.stringMatching(/^(--duration|cacheproof run )/) })
      else expect(verdict).not.toHaveProperty('notTested')
      if (word === 'not tested') expect(verdict).not.toHaveProperty('evidenceKind')
      expect(verdict.evidence.startsWith('Not tested: ')).toBe(word === 'not tested')
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

  it('are made of no cell whose cache refused more than a few calls, unless that was meant to be', () => {
    const refusing = (fail: number, faults: readonly unknown[] = []) => {
      const cell = rows('cache-aside', {})
      const calls = { ...classFixture('cache', 'set', 'write', 1000 - fail), fail, errors: { OOM: fail } }
      return [{ ...cell, classes: [...cell.classes, calls], settings: { ...SETTINGS, faults } }, baseline(5)]
    }
    expect(is('cache-lowers-latency', refusing(10))).toBe('supported')
    expect(outcome('cache-lowers-latency', refusing(11)).evidence).toContain('whose cache failed (OOM 11 of 1,000 calls)')
    expect(is('cache-lowers-latency', refusing(11))).toBe('not observed')
    expect(is('cache-lowers-latency', refusing(500, [{}]))).toBe('supported')
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

  it('was tested where one cell showed enough, and decided nothing', () => {
    const few = rows('write-through', {}, { block: 1, staleness: { ...staleness(0, 9000), refutableReads: 2 } })
    const many = rows('write-through', {}, { staleness: { ...staleness(0, 9000), refutableReads: 500 } })
    expect(outcome('write-through-never-stale', [few, many])).toMatchObject({ claimOutcome: 'not observed', observations: 502 })
    expect(outcome('write-through-never-stale', [few])).toMatchObject({ claimOutcome: 'not tested', observations: 2 })
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
    expect(is('write-through-fresher-than-invalidation', pair(1))).toBe('contradicted')
    expect(is('write-through-fresher-than-invalidation', pair(10))).toBe('not observed')
    expect(is('write-through-fresher-than-invalidation', pair(30))).toBe('not observed')
  })

  it('compares strategies block by block', () => {
    const pair = (block: number, asideStale: number, throughStale: number) => [
      rows('cache-aside', {}, { block, staleness: staleness(asideStale, 9000) }),
      rows('write-through', {}, { block, staleness: staleness(throughStale, 9000) }),
    ]
    expect(is('write-through-fresher-than-invalidation', [...pair(0, 200, 20), ...pair(1, 210, 30)])).toBe('supported')
    expect(is('write-through-fresher-than-invalidation', [...pair(0, 200, 20), ...pair(1, 20, 30)])).toBe('not observed')
  })

  it('speaks of a miss in milliseconds that were measured', () => {
    expect(outcome('first-request-after-miss-is-slower', [rows('cache-aside')]).numbers).toMatchObject({
      missMeanNanos: 5 * MILLISECOND,
      misses: 1000,
    })
  })
})
