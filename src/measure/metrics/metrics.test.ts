import { describe, expect, it } from 'vitest'
import { Histogram } from '../histogram.ts'
import { latencyOf } from '../latency.ts'
import type { Cell, ClassMeasurement, Latency } from '../run-result.ts'
import { COMPARED, HEADLINE, METRICS, metricNamed, metricNames, nearestMetric, resolveMetric } from './catalogue.ts'
import { exactly, type Figure, isMissing, missing, singleValue } from './figure.ts'
import { figureInWords, valueInWords } from './figure-in-words.ts'
import { intervalSample } from './interval-sample.ts'
import { latencyMetric, STATISTICS, type Statistic } from './latency-metric.ts'
import { figureOfCell, measureFigure } from './measure-figure.ts'
import { sampleOf } from './sample.ts'
import { cacheCalls, codesOf } from './tally-sums.ts'

const SECOND = 1e9
const MILLISECOND = 1e6

function latency(millis: readonly number[]): Latency {
  const histogram = new Histogram()
  for (const value of millis) histogram.record(value * MILLISECOND)
  return latencyOf(histogram)!
}
const repeated = (value: number, times: number) => Array.from({ length: times }, () => value)

const classOf = (fields: Partial<ClassMeasurement>): ClassMeasurement => ({
  ...{ name: 'read hit', layer: 'app', kind: 'read', ok: 0, inTime: 0, fail: 0, info: 0, unstarted: 0, errors: {} },
  ...fields,
})
const app = (name: string, kind: 'read' | 'write', fields: Partial<ClassMeasurement> = {}) => classOf({ name, kind, ...fields })
const cache = (fields: Partial<ClassMeasurement> = {}) => classOf({ name: 'get', layer: 'cache', ...fields })
const database = (kind: 'read' | 'write', fields: Partial<ClassMeasurement> = {}) => classOf({ name: kind, kind, layer: 'database', ...fields })

/** What of a cell a figure is made of. */
function cellOf(classes: readonly ClassMeasurement[] = [], fields: Partial<Cell> = {}): Cell {
  return {
    ...{ role: 'measured', definitions: 2, measuredNanos: 2 * SECOND, durationNanos: 3 * SECOND, recovery: [], classes: [...classes] },
    history: { level: 'full', rows: 0, tornSegments: 0, hash: '' },
    ...fields,
  } as Cell
}
const measure = (name: string, ...cells: Cell[]): Figure => measureFigure(metricNamed(name), sampleOf(cells))
const nothing = (why: string | RegExp) => ({ missing: expect.stringMatching(why) })

describe('counts of operations', () => {
  const classes = [
    app('read hit', 'read', { ok: 80, inTime: 70, fail: 3, info: 2, unstarted: 1 }),
    app('write', 'write', { ok: 10, inTime: 10, fail: 4, info: 1 }),
    cache({ ok: 500, inTime: 500, fail: 50, info: 5 }),
  ]

  it('are of the application, over all blocks', () => {
    const cells = [cellOf(classes), cellOf(classes)]
    expect(measure('errors', ...cells)).toEqual(exactly(20))
    expect(measure('failed', ...cells)).toEqual(exactly(14))
    expect(measure('unknown', ...cells)).toEqual(exactly(6))
    expect(measure('error_ratio', ...cells)).toEqual(exactly(20 / 200))
    expect(measure('error_ratio', cellOf([cache({ ok: 9 })]))).toEqual(nothing('no operation was due'))
  })

  it('are a rate by what was due and answered in the measured time', () => {
    expect(measure('rate', cellOf(classes), cellOf(classes, { measuredNanos: 6 * SECOND }))).toEqual(exactly(160 / 8))
    expect(measure('rate', cellOf(classes, { measuredNanos: 0 }))).toEqual(nothing('no phase was measured'))
  })

  it('leave out blocks to which the pattern does not apply', () => {
    expect(measure('errors', cellOf(classes), cellOf(classes, { notApplicable: 'no sorted sets' }))).toEqual(exactly(10))
  })

  it('are those of the time without faults where that is asked for, and there is such', () => {
    const withoutFaults = { leftOut: [], measuredNanos: SECOND, classes: [app('write', 'write', { ok: 5, inTime: 5 })] }
    const cells = [cellOf(classes, { withoutFaults }), cellOf(classes)]
    expect(sampleOf(cells, 'without faults')).toMatchObject({ measuredNanos: 3 * SECOND })
    expect(measureFigure(metricNamed('errors'), sampleOf(cells, 'without faults'))).toEqual(exactly(10))
    expect(measureFigure(metricNamed('errors'), sampleOf(cells))).toEqual(exactly(20))
  })
})

describe('what the cache and the database had to do', () => {
  const hits = app('read hit', 'read', { cache: 'hit', ok: 90, fail: 7 })
  const misses = app('read miss', 'read', { cache: 'miss', ok: 10 })
  const writes = app('write', 'write', { ok: 20, info: 5, unstarted: 5 })

  it('is a hit ratio by what was answered', () => {
    expect(measure('hit_ratio', cellOf([hits, misses, writes]))).toEqual(exactly(0.9))
    expect(measure('hit_ratio', cellOf([misses]))).toEqual(exactly(0))
    expect(measure('hit_ratio', cellOf([misses, { ...hits, ok: 10 }]))).toEqual(exactly(0.5))
    expect(measure('hit_ratio', cellOf([writes]))).toEqual(nothing('no read asked the cache'))
  })

  it('is errors of the cache, without those of calls whose own instance ended', () => {
    expect(measure('cache_errors', cellOf([hits, cache({ ok: 5, fail: 2, info: 3, errors: { timeout: 3, refused: 2 } })]))).toEqual(exactly(5))
    expect(measure('cache_errors', cellOf([cache({ info: 3, errors: { killed: 2, timeout: 1 } })]))).toEqual(exactly(1))
    expect(measure('cache_errors', cellOf([hits, database('read', { fail: 3 })]))).toEqual(nothing('the cache was not called'))
    expect(cacheCalls({ classes: [cache({ info: 3, errors: { killed: 2, timeout: 1 } })] })).toMatchObject([{ info: 1, errors: { timeout: 1 } }])
  })

  it('is degraded reads, where there is a second place to read from', () => {
    expect(measure('degraded_reads', cellOf([hits, app('read degraded', 'read', { degraded: true, ok: 6, fail: 9 })]))).toEqual(exactly(6))
    expect(measure('degraded_reads', cellOf([hits]))).toEqual(nothing('no second place'))
  })

  it('is what the cache takes off the database', () => {
    const calls = [database('read', { ok: 9, fail: 1 }), database('write', { ok: 20 })]
    expect(measure('database_offload', cellOf([hits, misses, writes, ...calls]))).toEqual(exactly(0.9))
    expect(measure('database_offload', cellOf([hits, misses, database('write', { ok: 20 })]))).toEqual(exactly(1))
    expect(measure('database_offload', cellOf([hits, misses]))).toEqual(nothing('no application reads with a database'))
    expect(measure('database_offload', cellOf([writes, ...calls]))).toEqual(nothing('no application reads with a database'))
    expect(measure('database_offload', cellOf([hits, ...calls], { role: 'baseline' }))).toEqual(nothing('no cache'))
    expect(measure('database_offload', cellOf([hits, ...calls], { role: 'baseline' }), cellOf([hits, ...calls]))).toEqual(exactly(1 - 20 / 180))
  })

  it('is round trips and bytes for each operation that began', () => {
    const wire = { bytesOut: 3_000, bytesIn: 1_000, storedBytes: 0, neverReadBytes: null }
    const cell = cellOf([writes, cache({ ok: 30, fail: 5, info: 5 })], { wire })
    expect(measure('round_trips', cell)).toEqual(exactly(40 / 20))
    expect(measure('bytes_per_operation', cell)).toEqual(exactly(4_000 / 20))
    expect(measure('bytes_per_operation', cell, cell)).toEqual(exactly(4_000 / 20))
    // A block whose bytes nobody counted says nothing of either.
    expect(measure('bytes_per_operation', cell, cellOf([writes]))).toEqual(exactly(4_000 / 20))
    expect(measure('round_trips', cellOf([writes]))).toEqual(nothing('the cache was not called'))
    expect(measure('round_trips', cellOf([cache({ ok: 3 })]))).toEqual(nothing('the cache was not called'))
    expect(measure('bytes_per_operation', cellOf([writes]))).toEqual(nothing('bytes were not counted'))
    expect(measure('bytes_per_operation', cellOf([app('write', 'write', { info: 3, unstarted: 3 })], { wire }))).toEqual(nothing('not counted'))
  })

  it('is the share of stored bytes that nobody read', () => {
    const stored = (storedBytes: number, neverReadBytes: number | null, fields: Partial<Cell> = {}) =>
      cellOf([], { wire: { bytesOut: 0, bytesIn: 0, storedBytes, neverReadBytes }, ...fields })
    expect(measure('never_read', stored(100, 20), stored(300, 80))).toEqual(exactly(0.25))
    expect(measure('never_read', stored(0, 0))).toEqual(nothing('nothing was stored'))
    expect(measure('never_read', cellOf())).toEqual(nothing('nothing was stored'))
    expect(measure('never_read', stored(100, 20), stored(100, null))).toEqual(nothing('not recorded'))
    const history = { level: 'off', rows: 0, tornSegments: 0, hash: '' } as const
    expect(measure('never_read', stored(100, null, { history }))).toEqual(nothing('--history full'))
  })

  it('is what is left of the database’s load', () => {
    const calls = [database('read', { ok: 9, fail: 1 }), database('write', { ok: 20 })]
    expect(measure('database_reads', cellOf([hits, misses, writes, ...calls]))).toEqual(exactly(100))
    expect(measure('database_reads', cellOf([hits, ...calls], { role: 'baseline' }))).toEqual(exactly(10_000 / 90))
    expect(measure('database_reads', cellOf([hits, misses]))).toEqual(nothing('no application reads with a database'))
    expect(measure('database_reads', cellOf([writes, ...calls]))).toEqual(nothing('no application reads with a database'))
  })

  it('is what a server of ours said of itself, on the mean of the blocks', () => {
    const costing = (fields: object, classes: readonly ClassMeasurement[] = [hits]) => cellOf(classes, { cost: fields as NonNullable<Cell['cost']> })
    const one = costing({ beforeBytes: 100, afterBytes: 300, peakBytes: 500, items: 4, evictions: 6, serverProcessorNanos: 900 })
    const other = costing({ beforeBytes: 100, afterBytes: 50, peakBytes: 90, items: 4, evictions: 0, serverProcessorNanos: 0 })
    const empty = costing({ beforeBytes: 100, afterBytes: 300, peakBytes: 300, items: 0, evictions: 3 })
    expect(measure('memory', one, other, empty, cellOf())).toEqual(exactly(200))
    expect(measure('bytes_per_item', one, other, empty, cellOf())).toEqual(exactly(25))
    expect(measure('evictions', one, other, empty, cellOf())).toEqual(exactly(3))
    // Of two blocks together, and of the one of two that was asked.
    expect(measure('server_processor', one, other)).toEqual(exactly(5_000))
    expect(measure('server_processor', one, empty)).toEqual(exactly(10_000))
    expect(measure('server_processor', costing({ serverProcessorNanos: 5 }, []))).toEqual(nothing('no operation succeeded'))
    expect(measure('server_processor', empty)).toEqual(nothing('could not be read'))
    for (const name of ['memory', 'bytes_per_item', 'evictions']) {
      expect(measure(name, cellOf())).toEqual(nothing('only a server that cacheproof started'))
      expect(measure(name, cellOf([], { role: 'baseline' }))).toEqual(nothing('there is no cache'))
      expect(measure(name, cellOf([], { role: 'baseline' }), cellOf())).toEqual(nothing('only a server that cacheproof started'))
    }
  })

  it('is what a miss costs beyond a hit, on the mean', () => {
    const answered = (name: string, of: 'hit' | 'miss', millis: readonly number[], fields: Partial<ClassMeasurement> = {}) =>
      app(name, 'read', { cache: of, ok: millis.length, response: latency(millis), ...fields })
    const plain = [answered('read hit', 'hit', [1, 3]), answered('other hit', 'hit', [5]), answered('read miss', 'miss', [10, 12])]
    const odd = [
      answered('read absent hit', 'hit', [100]),
      answered('read miss degraded', 'miss', [100], { degraded: true }),
      app('hit', 'read', { cache: 'hit' }),
    ]
    expect(measure('miss_penalty', cellOf([...plain, ...odd]))).toEqual(exactly(expect.closeTo(8 * MILLISECOND, -1) as number))
    expect(measure('miss_penalty', cellOf(plain.slice(0, 2)))).toEqual(nothing('not both hits and misses'))
    expect(measure('miss_penalty', cellOf(plain.slice(2)))).toEqual(nothing('not both hits and misses'))
  })
})

describe('what checkers found', () => {
  const off = { history: { level: 'off', rows: 0, tornSegments: 0, hash: '' } } as const
  const sessions = (lostSessions: number, lostUpdates: number, resurrected: number) =>
    ({ sessions: { lostSessions, lostUpdates, resurrectedSessions: resurrected } }) as Partial<Cell>
  const board = (lostIncrements: number, duplicatedIncrements: number, members = 5) =>
    ({ leaderboard: { lostIncrements, duplicatedIncrements, members } }) as Partial<Cell>
  const stale = (staleReads: number, judgedReads: number) => ({ staleness: { staleReads, judgedReads } }) as Partial<Cell>

  it('adds up over the blocks', () => {
    const cells = [cellOf([], sessions(1, 2, 3)), cellOf([], sessions(10, 20, 30)), cellOf()]
    expect(measure('lost_sessions', ...cells)).toEqual(exactly(11))
    expect(measure('lost_updates', ...cells)).toEqual(exactly(22))
    expect(measure('resurrected_sessions', ...cells)).toEqual(exactly(33))
    expect(measure('lost', ...cells)).toEqual(exactly(11))
    const boards = [cellOf([], board(1, 2)), cellOf([], board(10, 20))]
    expect(measure('lost_increments', ...boards)).toEqual(exactly(11))
    expect(measure('duplicated_increments', ...boards)).toEqual(exactly(22))
    expect(measure('lost', ...boards)).toEqual(exactly(11))
    const read = [cellOf([], stale(1, 10)), cellOf([], stale(4, 40))]
    expect(measure('stale_reads', ...read)).toEqual(exactly(5))
    expect(measure('stale_ratio', ...read)).toEqual(exactly(0.1))
  })

  it('is missing where nothing was there to check, or to check by', () => {
    for (const name of ['lost_sessions', 'lost_updates', 'resurrected_sessions']) expect(measure(name, cellOf())).toEqual(nothing('no sessions'))
    for (const name of ['lost_increments', 'duplicated_increments']) {
      expect(measure(name, cellOf())).toEqual(nothing('no leaderboard'))
      expect(measure(name, cellOf([], board(1, 1)), cellOf([], board(0, 0, 0)))).toEqual(nothing('no final score'))
    }
    expect(measure('lost', cellOf())).toEqual(nothing('keeps nothing in the cache alone'))
    expect(measure('stale_reads', cellOf())).toEqual(nothing('no versions'))
    expect(measure('stale_ratio', cellOf())).toEqual(nothing('no read could be judged'))
    expect(measure('stale_ratio', cellOf([], stale(0, 0)))).toEqual(nothing('no read could be judged'))
    for (const name of ['lost_sessions', 'stale_reads', 'stale_ratio', 'lost_increments']) {
      expect(measure(name, cellOf(), cellOf([], off))).toEqual(nothing('--history full'))
    }
  })
})

describe('the longest outage', () => {
  const FIELDS = {
    read_unavailable: 'readUnavailableNanos',
    write_unavailable: 'writeUnavailableNanos',
    service_read_unavailable: 'serviceReadUnavailableNanos',
    service_write_unavailable: 'serviceWriteUnavailableNanos',
  } as const
  const faults = (field: string, ...nanos: (number | null | undefined)[]) =>
    cellOf([], {
      recovery: nanos.map((value) => ({
        fault: 'kill',
        startNanos: SECOND,
        ...(value !== undefined && { [field]: value }),
      })) as unknown as Cell['recovery'],
    })

  it.each(Object.entries(FIELDS))('%s is of its own field, over all faults of all blocks', (name, field) => {
    expect(measure(name, faults(field, 5, 70, 9), faults(field, 30))).toEqual(exactly(70))
    expect(measure(name, faults(field, 0))).toEqual(exactly(0))
    expect(measure(name, cellOf())).toEqual({ low: 0, high: 0, note: 'no fault was injected' })
    expect(measure(name, faults(field, undefined))).toEqual(nothing('not probed'))
    expect(measure(name, faults(field, undefined), cellOf())).toEqual(nothing('not probed'))
    expect(measure(name, faults(field, undefined, 8))).toEqual(exactly(8))
  })

  it('is at least as long as it was seen where service had not come back', () => {
    expect(measure('read_unavailable', faults('readUnavailableNanos', null, 5))).toEqual({
      missing: expect.stringContaining('2 s after kill'),
      low: 2 * SECOND,
    })
    const later = 2.5 * SECOND
    expect(measure('read_unavailable', faults('readUnavailableNanos', null, later))).toMatchObject({ low: later })
    // A fault that is told to have begun after the end.
    const odd = { ...faults('readUnavailableNanos', null), durationNanos: SECOND / 2 }
    expect(measure('read_unavailable', odd)).toMatchObject({ low: 0 })
  })
})

describe('a latency', () => {
  const fast = app('read hit', 'read', { ok: 1_000, response: latency(repeated(1, 1_000)) })
  const slow = app('read miss', 'read', { ok: 1_000, response: latency(repeated(9, 1_000)) })
  const write = app('write', 'write', { ok: 1_000, response: latency(repeated(3, 1_000)) })
  const of = (className: string, statistic: Statistic, ...classes: ClassMeasurement[]) =>
    latencyMetric(className, statistic).measure(sampleOf([cellOf(classes)]))
  const near = (millis: number) => expect.closeTo(millis * MILLISECOND, -4) as number

  it('is of a class, of all reads or writes, or of all operations', () => {
    expect(of('read hit', 'p90', fast, slow, write)).toEqual({ low: near(1), high: near(1) })
    expect(of('read', 'p90', fast, slow, write)).toEqual({ low: near(9), high: near(9) })
    expect(of('write', 'p90', fast, slow, write)).toEqual({ low: near(3), high: near(3) })
    expect(of('operation', 'p50', fast, slow, write)).toEqual({ low: near(3), high: near(3) })
    expect(of('operation', 'max', fast, slow, write)).toEqual({ low: 9 * MILLISECOND, high: 9 * MILLISECOND })
    expect(of('read', 'mean', fast, slow, write)).toEqual({ low: near(5), high: near(5) })
    expect(of('read', 'max', cache({ response: latency([1]) }))).toEqual(nothing('no operation of class "read" completed'))
  })

  it('is a stretch where outcomes are unknown: at least what was waited for, at most for ever', () => {
    const waiting = (millis: number, times: number) =>
      app('read hit', 'read', { ok: 1_000, info: times, response: latency(repeated(1, 1_000)), waited: latency(repeated(millis, times)) })
    const some = waiting(50, 250)
    expect(of('read hit', 'p50', some)).toEqual({ low: near(1), high: near(1), unknownShare: 0.2 })
    expect(of('read hit', 'p90', some)).toEqual({ low: near(50), high: Number.POSITIVE_INFINITY, unknownShare: 0.2 })
    expect(of('read hit', 'max', some)).toEqual({ low: 50 * MILLISECOND, high: Number.POSITIVE_INFINITY, unknownShare: 0.2 })
    expect(of('read hit', 'mean', some)).toEqual({ low: near((1_000 + 250 * 50) / 1_250), high: Number.POSITIVE_INFINITY, unknownShare: 0.2 })
    // One that had waited for less than the others took raises the upper bound alone.
    expect(of('read hit', 'p90', waiting(0.5, 250))).toEqual({ low: near(1), high: Number.POSITIVE_INFINITY, unknownShare: 0.2 })
    expect(of('read hit', 'p50', app('read hit', 'read', { info: 4, waited: latency([2, 2, 2, 2]) }))).toMatchObject({
      low: near(2),
      unknownShare: 1,
    })
  })

  it('says which share failed, and that all did', () => {
    const some = app('read hit', 'read', { ok: 300, fail: 100, response: latency(repeated(1, 300)) })
    expect(of('read', 'p50', some)).toEqual({ low: near(1), high: near(1), failedShare: 0.25 })
    expect(of('read', 'p50', app('read hit', 'read', { fail: 7 }))).toEqual(nothing('all 7 operations of class "read" failed'))
  })

  it('is not told where too few values lie beyond it, but for what it can’t exceed', () => {
    const few = app('read hit', 'read', { ok: 999, response: latency(repeated(1, 999)) })
    expect(of('read hit', 'p90', few)).toEqual({ missing: expect.stringContaining('p90 of 999 operations'), high: MILLISECOND })
    expect(of('read hit', 'p99.9', fast)).toMatchObject({ missing: expect.any(String), high: MILLISECOND })
    const unknown = app('read hit', 'read', { ok: 10, info: 1, response: latency(repeated(1, 10)), waited: latency([2]) })
    expect(of('read hit', 'p99', unknown)).toMatchObject({ missing: expect.any(String), high: Number.POSITIVE_INFINITY })
  })

  it('says what it is of which operations', () => {
    expect(latencyMetric('read', 'p99.9').summary).toMatch(/^99\.9th percentile of the response time, due to answered, of application reads;/)
    expect(latencyMetric('read hit', 'max').summary).toMatch(/^Longest response time, due to answered, of operations of class "read hit";/)
  })

  it('can be called good with so many failures and no more', () => {
    const most = STATISTICS.map((statistic) => latencyMetric('read', statistic).mostFailures)
    const expected = [0.5, 0.1, 0.01, 0.001, 0.0001, 0, 0.01]
    for (const [index, value] of most.entries()) expect(value).toBeCloseTo(expected[index]!, 12)
  })
})

describe('the catalogue', () => {
  it('has each name once', () => {
    const names = metricNames(['read hit', 'read', 'login'])
    expect(new Set(names).size).toBe(names.length)
    expect(names).toContain('read_hit.p99.9')
    expect(names.filter((name) => name.startsWith('read.'))).toHaveLength(STATISTICS.length)
  })

  it('finds what it names, with or without the faults', () => {
    for (const name of metricNames(['read hit'])) {
      expect(resolveMetric(name, ['read hit'])).toMatchObject({ metric: { name }, overall: false })
      expect(resolveMetric(`overall.${name}`, ['read hit'])).toMatchObject({ metric: { name }, overall: true })
    }
    for (const name of ['', 'nothing', 'read', 'read.p98', 'login.p99', 'overall.', 'overall.overall.errors', 'read hit.p99']) {
      expect(resolveMetric(name, ['read hit']), name).toBeUndefined()
    }
    // Without a dot there is no class.
    expect(resolveMetric('p50', ['p5'])).toBeUndefined()
    expect(() => metricNamed('nothing')).toThrow('"nothing"')
  })

  it.each([
    ['hit_ration', 'hit_ratio'],
    ['raed.p9', 'read.p90'],
    ['read_hits.p50', 'read_hit.p50'],
    ['overall.erors', 'overall.errors'],
    ['overall.raed.p99', 'overall.read.p99'],
    // Each part is near enough, and both together are not.
    ['raef.p9x', 'read.p90'],
    ['xyzzy.p99', undefined],
    ['read.qwerty', undefined],
    ['mean', undefined],
    ['xyzzyplugh', undefined],
    ['overall.xyzzyplugh', undefined],
    ['xyzzyplugh.qwertyuiop', undefined],
  ])('knows what %s was meant for', (given, meant) => {
    expect(nearestMetric(given, ['read hit'])).toBe(meant)
  })

  it('judges without the faults what the application met, and with them what they cost', () => {
    const leaving = METRICS.filter(({ leavesFaultsOut }) => leavesFaultsOut).map(({ name }) => name)
    expect(leaving).toEqual([
      ...['rate', 'errors', 'failed', 'unknown', 'error_ratio', 'cache_errors', 'degraded_reads', 'hit_ratio', 'miss_penalty'],
    ])
    const timed = METRICS.filter(({ needsGenerator }) => needsGenerator).map(({ name }) => name)
    expect(timed).toEqual(['rate', 'miss_penalty', 'server_processor'])
    for (const statistic of STATISTICS)
      expect(latencyMetric('read', statistic)).toMatchObject({ leavesFaultsOut: true, needsGenerator: true, name: `read.${statistic}` })
  })

  it('knows which checkers a figure is read from, and what is asked where a fault strikes', () => {
    const read = METRICS.flatMap(({ name, checkers }) => (checkers ? [`${name}: ${checkers.join(', ')}`] : []))
    expect(read).toEqual([
      'stale_ratio: staleness',
      'stale_reads: staleness',
      'lost: sessions, leaderboard',
      ...['lost_sessions', 'lost_updates', 'resurrected_sessions'].map((name) => `${name}: sessions`),
      ...['lost_increments', 'duplicated_increments'].map((name) => `${name}: leaderboard`),
    ])
    const asked = METRICS.filter(({ askedOfFaults }) => askedOfFaults).map(({ name }) => name)
    expect(asked).toEqual([
      ...['lost', 'lost_sessions', 'lost_updates', 'resurrected_sessions', 'lost_increments', 'duplicated_increments'],
      ...['read_unavailable', 'write_unavailable', 'service_read_unavailable', 'service_write_unavailable'],
    ])
  })

  it('shows and compares the percentiles of reads and writes', () => {
    const percentiles = ['read.p50', 'read.p90', 'read.p99', 'write.p50', 'write.p90', 'write.p99']
    for (const list of [HEADLINE, COMPARED]) {
      expect(list.map(({ name }) => name).filter((name) => /^(read|write)\.p/.test(name))).toEqual(percentiles)
    }
    expect(HEADLINE.map(({ name }) => name)).toEqual(expect.arrayContaining(['rate', 'errors', 'hit_ratio', 'stale_ratio', 'lost']))
    expect(COMPARED.map(({ name }) => name)).toEqual(expect.arrayContaining(['rate', 'error_ratio', 'hit_ratio', 'never_read']))
  })
})

describe('a figure', () => {
  it('is of the definition that it is measured by', () => {
    const old = cellOf([app('read hit', 'read', { ok: 1 })], { definitions: 1 })
    expect(measure('errors', cellOf(), old)).toEqual(nothing('older definition of errors'))
    expect(measure('failed', cellOf(), old)).toEqual(exactly(0))
  })

  it('is one number where its bounds agree to three digits', () => {
    expect(singleValue({ low: 1.001, high: 1.004 })).toBe(1.001)
    expect(singleValue({ low: 1.001, high: 1.01 })).toBeNull()
    expect(singleValue({ low: 5, high: Number.POSITIVE_INFINITY })).toBeNull()
    expect(singleValue(missing('nothing'))).toBeNull()
    expect([isMissing(missing('x')), isMissing(exactly(1))]).toEqual([true, false])
    expect(exactly(1)).not.toHaveProperty('note')
    expect(figureOfCell(cellOf([app('read hit', 'read', { ok: 1, fail: 2 })]), 'errors')).toBe(2)
    expect(figureOfCell(cellOf(), 'hit_ratio')).toBeNull()
  })

  it.each([
    [exactly(0.934), 'ratio', '93.4 %'],
    [exactly(0.0000932), 'ratio', '0.0093 %'],
    [exactly(4.2e6), 'nanos', '4.2 ms'],
    [exactly(0), 'nanos', '0 s'],
    [exactly(1234.4), 'rate', '1,234/s'],
    [exactly(3.2e6), 'bytes', '3.2 MB'],
    [exactly(1_234_567), 'count', '1,234,567'],
    [exactly(5), 'count', '5'],
    [exactly(0), 'number', '0'],
    [exactly(1.239), 'number', '1.24'],
    [exactly(10), 'number', '10.0'],
    [exactly(-85.34), 'number', '-85.3'],
    [exactly(100), 'number', '100'],
    [exactly(1_234.5), 'number', '1,235'],
    [missing('nothing'), 'count', '–'],
    [{ low: 1e9, high: Number.POSITIVE_INFINITY, unknownShare: 0.05 }, 'nanos', '≥ 1 s (5 % unknown)'],
    [{ low: 1.1e6, high: 1.9e6, unknownShare: 0.004 }, 'nanos', '1.1 ms to 1.9 ms (0.4 % unknown)'],
    [{ low: 1e6, high: 1e6, unknownShare: 0.004, failedShare: 0.012 }, 'nanos', '1 ms (1.2 % failed)'],
    [{ low: 1e6, high: 2e6, unknownShare: 0.5, failedShare: 0.25 }, 'nanos', '1 ms to 2 ms (50 % unknown, 25 % failed)'],
    [{ low: 1e6, high: 2e6 }, 'nanos', '1 ms to 2 ms'],
  ] as const)('reads as a person would say it: %j as a %s', (figure, unit, words) => {
    expect(figureInWords(figure, unit)).toBe(words)
    if (!isMissing(figure) && figure.low === figure.high && !('failedShare' in figure)) expect(valueInWords(figure.low, unit)).toBe(words)
  })
})

it('counts codes over classes, the most frequent first', () => {
  const classes = [cache({ errors: { timeout: 2, closed: 5 } }), cache({ errors: { timeout: 4, OOM: 1, ABC: 1 } })]
  expect(Object.entries(codesOf(classes))).toEqual([
    ['timeout', 6],
    ['closed', 5],
    ['ABC', 1],
    ['OOM', 1],
  ])
  expect(Object.keys(codesOf([cache({ errors: { ABC: 1, OOM: 1, closed: 1 } })]))).toEqual(['ABC', 'OOM', 'closed'])
})

it('a step of the series is a sample of its own', () => {
  const figures = { okReads: 6, okWrites: 4, failed: 2, unknown: 1, hits: 3, misses: 1, databaseReads: 0, databaseWrites: 0 }
  const quiet = intervalSample({ ...figures, p50Nanos: null, p99Nanos: null, maxNanos: null, latency: undefined }, SECOND / 2)
  expect(quiet.cells).toEqual([])
  const value = (name: string) => measureFigure(metricNamed(name), quiet)
  expect(value('rate')).toEqual(exactly(20))
  expect(value('errors')).toEqual(exactly(3))
  expect(value('failed')).toEqual(exactly(2))
  expect(value('unknown')).toEqual(exactly(1))
  expect(value('hit_ratio')).toEqual(exactly(0.75))
  expect(latencyMetric('operation', 'max').measure(quiet)).toEqual(nothing('operation'))
  const busy = intervalSample({ ...figures, p50Nanos: 1, p99Nanos: 1, maxNanos: 1, latency: latency([1, 2]) }, SECOND)
  expect(latencyMetric('operation', 'max').measure(busy)).toMatchObject(exactly(2 * MILLISECOND))
})
