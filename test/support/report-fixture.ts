import { Histogram } from '../../src/measure/histogram.ts'
import { latencyOf } from '../../src/measure/latency.ts'
import { METRIC_DEFINITIONS } from '../../src/measure/metrics/catalogue.ts'
import type { Cell, ClassMeasurement, Latency, RunResult, Series } from '../../src/measure/run-result.ts'
import type { Verdict } from '../../src/measure/verdict.ts'
import { createChance } from '../../src/runtime/chance.ts'

const SECOND = 1e9
const MILLISECOND = 1e6

/** What a fixture's run is made of. Names may be hostile on purpose. */
export interface ReportFixtureOptions {
  readonly name?: string
  readonly workloads?: readonly string[]
  readonly targets?: readonly string[]
  readonly clients?: readonly string[]
  readonly blocks?: number
  /** The last workload's cells have a server killed at 6 s for 2 s. */
  readonly fault?: boolean
  /** Put into evidence, examples, error codes, notes and settings. */
  readonly outsideText?: string
  readonly seconds?: number
  /** Intervals a second of the series. */
  readonly intervalsPerSecond?: number
  /** Multiplies every latency: for runs to compare. */
  readonly slowness?: number
  readonly seed?: number
}

/** A run such as `cacheproof run` makes, from synthetic figures; the same options give the same run. */
export function reportFixture(options: ReportFixtureOptions = {}): RunResult {
  const { workloads = ['cache-aside', 'session-store'], targets = ['local:redis', 'local:memcached'], clients = ['wire'], blocks = 1 } = options
  const seed = options.seed ?? 7
  const cells = workloads.flatMap((workload, index) =>
    Array.from({ length: blocks }, (_, block) => [
      ...(/session/.test(workload)
        ? []
        : [cell({ ...options, workload, target: 'database alone', client: 'none', block, baseline: true, fault: false })]),
      ...targets.flatMap((target) =>
        clients.map((client) =>
          cell({ ...options, workload, target, client, block, baseline: false, fault: options.fault === true && index === workloads.length - 1 }),
        ),
      ),
    ]).flat(),
  )
  return {
    schemaVersion: 1,
    name: options.name ?? 'fixture',
    status: 'complete',
    tool: { name: 'cacheproof', version: '0.1.0' },
    command: `cacheproof run ${workloads.join(' ')}`,
    seed,
    virtual: false,
    startedAt: '2026-11-24T10:15:30.000Z',
    host: { node: 'v20.20.2', platform: 'linux x64', cpus: '8 x Example', memoryBytes: 16e9, clock: 'process.hrtime' },
    cells,
    verdicts: verdicts(cells, options.outsideText) as RunResult['verdicts'],
    notes: options.outsideText === undefined ? [] : [`a note about ${options.outsideText}`],
  }
}

interface CellFixture extends ReportFixtureOptions {
  readonly workload: string
  readonly target: string
  readonly client: string
  readonly block: number
  readonly baseline: boolean
  readonly fault: boolean
}

function cell(options: CellFixture): Cell {
  const { workload, target, client, block, baseline, fault, seconds = 12, intervalsPerSecond = 4, slowness = 1, outsideText } = options
  const draw = createChance(options.seed ?? 7).stream(`${workload}/${target}/${client}/${block}`)
  let index = 0
  const random = () => draw.uniform(index++)
  const around = (millis: number) => millis * slowness * (0.7 + 0.6 * random())
  const sessions = /session/.test(workload)
  const loadNanos = (seconds + 1) * SECOND
  const faultStart = 6 * SECOND
  const faultEnd = 8 * SECOND
  const errorCode = outsideText ?? 'refused'
  const classes: ClassMeasurement[] = [
    appClass('read hit', 'read', 9000, () => around(0.3), random),
    appClass('read miss', 'read', 1200, () => around(6), random),
    {
      ...appClass('write', 'write', 1100, () => around(5), random),
      ...(fault && { fail: 40, info: 3, errors: { [errorCode]: 40, timeout: 3 } }),
    },
    ...(baseline
      ? []
      : [
          underClass('cache', 'get', 'read', 10200, () => around(0.25), random),
          underClass('cache', 'set', 'write', 1200, () => around(0.26), random),
        ]),
    underClass('database', 'read', 'read', 1200, () => around(5.4), random),
    underClass('database', 'write', 'write', 1100, () => around(4.9), random),
  ]
  return {
    id: baseline ? `none/${workload}/database/${block}` : `${workload}/${target}/${client}/${block}`,
    workload: baseline ? `none (${workload})` : workload,
    pattern: baseline ? 'none' : workload,
    role: baseline ? 'baseline' : 'measured',
    ...(baseline && { baselineOf: workload }),
    block,
    target: {
      url: baseline ? '' : target,
      label: target,
      engine: /memcached/.test(target) ? 'memcached' : 'redis',
      version: '7.0.15',
      topology: 'single node',
      ours: true,
      tls: false,
      evidence: 'observed',
      settings: { maxmemory: outsideText ?? 'no limit' },
      roundTripNanos: 90_000,
    },
    client,
    clientSettings: { protocol: 'RESP2' },
    database: {
      label: 'sqlite 3.53.4',
      kind: 'sqlite',
      url: 'sqlite:',
      version: '3.53.4',
      serviceModel: 'modelled: median 4 ms, p99 25 ms',
      evidence: 'modelled',
    },
    settings: { name: workload, note: outsideText ?? '' },
    settingsHash: '1231e2744a160b1e',
    startedAtNanos: 0,
    durationNanos: loadNanos,
    definitions: METRIC_DEFINITIONS,
    measuredNanos: seconds * SECOND,
    events: [
      { kind: 'phase', name: 'warm-up', detail: '', startNanos: 0, endNanos: SECOND, warmUp: true },
      { kind: 'phase', name: 'steady', detail: '', startNanos: SECOND, endNanos: loadNanos, warmUp: false },
      ...(fault ? [{ kind: 'fault' as const, name: 'kill', detail: outsideText ?? 'primary', startNanos: faultStart, endNanos: faultEnd }] : []),
    ],
    classes,
    series: series({ seconds: seconds + 1, intervalsPerSecond, random, fault, faultStart, faultEnd, slowness, errorCode }),
    ...(baseline
      ? {}
      : {
          wire: {
            bytesOut: 4_519_527,
            bytesIn: 11_408_750,
            storedBytes: 3_727_304,
            neverReadBytes: 1_275_196,
          },
        }),
    ...(sessions
      ? {
          sessions: {
            logins: 1200,
            loginsAcknowledged: 1190,
            logouts: 90,
            lostSessions: fault ? 452 : 0,
            lostUpdates: 0,
            resurrectedSessions: 0,
            servedAfterExpiry: 0,
            worstLatenessNanos: 0,
            sharedReads: 2400,
            sharedReadsLost: 0,
            examples: fault ? [`session 11: operation 5040 found nothing ${outsideText ?? ''}`] : [],
          },
        }
      : {
          staleness: {
            judgedReads: 10200,
            staleReads: baseline ? 0 : 46,
            ...(!baseline && { ageNanos: latency(46, () => around(120)) }),
            staleAtEnd: 0,
            readBack: 1000,
            readYourWritesViolations: 1,
            monotonicReadsViolations: 0,
            examples: baseline ? [] : [`key 511: read version 12, 976 ms after version 13 was known ${outsideText ?? ''}`],
          },
        }),
    recovery: fault
      ? [
          {
            fault: 'kill',
            on: outsideText ?? 'primary',
            startNanos: faultStart,
            endNanos: faultEnd,
            readUnavailableNanos: 2.1 * SECOND,
            writeUnavailableNanos: null,
            rateRecoveredNanos: 2.5 * SECOND,
            errors: { [errorCode]: 40, timeout: 3 },
            lostWrites: 0,
            lostSessions: 452,
            hitRatioBefore: 0.9,
            hitRatioLowest: 0,
            hitRatioRecoveredNanos: null,
            lostHits: 2706,
            extraDatabaseReads: 800,
            peakDatabaseReadsPerSecond: 910,
          },
        ]
      : [],
    audit: {
      offeredPerSecond: 1000,
      startedPerSecond: 1004.2,
      scheduleLagP99Nanos: 120_000,
      eventLoopUtilization: 0.31,
      eventLoopDelayP99Nanos: 1_200_000,
      gcPauseNanos: 8_000_000,
      unstarted: 0,
      generatorLimited: false,
      reasons: [],
    },
    codePaths: 7,
    instances: 1,
    history: { level: 'full', rows: 58_926, file: `history/${block}.parquet`, tornSegments: 0, hash: '45c9d6d4f779526fc61b1bdf3aa660dd' },
  }
}

function latency(count: number, millis: () => number): Latency {
  const histogram = new Histogram()
  for (let i = 0; i < count; i++) histogram.record(Math.round(millis() * MILLISECOND))
  return latencyOf(histogram)!
}

function appClass(name: string, kind: ClassMeasurement['kind'], count: number, millis: () => number, random: () => number): ClassMeasurement {
  // A tenth of the values, each ten times: as good a distribution, and quicker to make.
  const histogram = new Histogram()
  for (let i = 0; i < count / 10; i++) histogram.recordTimes(Math.round(millis() * (1 + 3 * random() ** 8) * MILLISECOND), 10)
  const response = latencyOf(histogram)!
  const cache = /\bhit$/.test(name) ? ('hit' as const) : /\bmiss$/.test(name) ? ('miss' as const) : undefined
  return {
    name,
    layer: 'app',
    kind,
    ...(cache && { cache }),
    ok: count,
    inTime: count,
    fail: 0,
    info: 0,
    unstarted: 0,
    response,
    service: response,
    lag: response,
    errors: {},
  }
}

function underClass(
  layer: ClassMeasurement['layer'],
  name: string,
  kind: ClassMeasurement['kind'],
  count: number,
  millis: () => number,
  random: () => number,
): ClassMeasurement {
  const { response, lag: _, cache: __, ...rest } = appClass(name, kind, count, millis, random)
  return { ...rest, layer, ...(response && { service: response }) } as ClassMeasurement
}

interface SeriesFixture {
  readonly seconds: number
  readonly intervalsPerSecond: number
  readonly random: () => number
  readonly fault: boolean
  readonly faultStart: number
  readonly faultEnd: number
  readonly slowness: number
  readonly errorCode: string
}

function series({ seconds, intervalsPerSecond, random, fault, faultStart, faultEnd, slowness, errorCode }: SeriesFixture): Series {
  const intervalNanos = SECOND / intervalsPerSecond
  const intervals = Array.from({ length: seconds * intervalsPerSecond }, (_, index) => index * intervalNanos)
  const down = (at: number) => fault && at >= faultStart && at < faultEnd
  const cold = (at: number) => at < SECOND || (fault && at >= faultEnd && at < faultEnd + 2 * SECOND)
  const reads = intervals.map((at) => (down(at) ? 0 : Math.round((850 + 100 * random()) / intervalsPerSecond)))
  const misses = reads.map((count, index) => Math.round(count * (cold(intervals[index]!) ? 0.8 : 0.12)))
  const failed = intervals.map((at) => (down(at) ? Math.round(900 / intervalsPerSecond) : 0))
  const nanos = (at: number, millis: number) => (down(at) ? null : Math.round(millis * slowness * (0.8 + 0.4 * random()) * MILLISECOND))
  return {
    intervalNanos,
    okReads: reads,
    okWrites: intervals.map((at) => (down(at) ? 0 : Math.round((90 + 20 * random()) / intervalsPerSecond))),
    failed,
    unknown: intervals.map(() => 0),
    p50Nanos: intervals.map((at) => nanos(at, cold(at) ? 3 : 0.3)),
    p99Nanos: intervals.map((at) => nanos(at, 18)),
    maxNanos: intervals.map((at) => nanos(at, 40)),
    hits: reads.map((count, index) => count - misses[index]!),
    misses,
    databaseReads: misses,
    databaseWrites: reads.map((count) => Math.round(count / 9)),
    errors: fault ? { [errorCode]: failed } : {},
  }
}

function verdicts(cells: readonly Cell[], outsideText: string | undefined): Verdict[] {
  const measured = cells.filter(({ role }) => role === 'measured')
  const all: Verdict[] = [
    {
      kind: 'claim',
      id: 'claim/cache-lowers-latency',
      sentence: 'A cache in front of the database lowers the response time of reads.',
      outcome: 'holds',
      claimOutcome: 'supported',
      evidenceKind: 'modelled',
      evidence: `${measured.map((one) => `${one.workload} on ${one.target.label}: reads took 1.8 ms on average with the cache and 5.44 ms without.`).join(' ')} Threshold: mean response at most 0.9 of the baseline's. Modelled; rests on sqlite 3.53.4 (service model: modelled).`,
      cells: measured.map(({ id }) => id),
      gates: false,
    },
    {
      kind: 'claim',
      id: 'claim/write-through-never-stale',
      sentence: 'With write-through, data in the cache is never stale.',
      outcome: 'fails',
      claimOutcome: 'contradicted',
      evidenceKind: 'observed',
      evidence: '86 of 16,895 reads were stale for certain (0.509 %).',
      cells: measured.slice(0, 1).map(({ id }) => id),
      counterexample: ['t=9727.268 ms  write key 104 -> version 114 (acknowledged)', 't=9872.650 ms  read key 104 -> version 113'],
      replay: 'cacheproof run --seed 7',
      gates: false,
    },
    {
      kind: 'claim',
      id: 'claim/write-through-raises-hit-ratio',
      sentence: 'Write-through has a higher hit ratio than cache-aside under the same load.',
      outcome: 'unknown',
      claimOutcome: 'not tested',
      observations: 0,
      notTested: { why: 'their TTLs differ', command: 'cacheproof run cache-aside cache-aside-write-through-ttl' },
      evidence: 'Not tested: their TTLs differ.',
      gates: false,
    },
    {
      kind: 'claim',
      id: 'claim/strategies-differ',
      sentence: 'Caching strategies differ in what they cost.',
      outcome: 'unknown',
      claimOutcome: 'not applicable',
      evidence: 'Not applicable: no two strategies were measured under the same load.',
      gates: false,
    },
  ]
  for (const { id, audit } of measured) {
    all.push(
      {
        kind: 'expectation',
        id: 'expect/hit_ratio',
        sentence: 'hit_ratio >= 0.5',
        outcome: 'holds',
        evidence: 'Measured 88 %; expected >= 50 %.',
        cells: [id],
        gates: true,
      },
      {
        kind: 'audit',
        id: 'audit/generator',
        sentence: 'The load generator was not the bottleneck.',
        outcome: audit.generatorLimited ? 'fails' : 'holds',
        evidence: '1004/s achieved of 1000/s offered.',
        cells: [id],
        gates: false,
      },
    )
  }
  const last = measured[measured.length - 1]
  if (last)
    all.push({
      kind: 'checker',
      id: 'checker/values',
      sentence: 'Every value that was read was whole and belonged to its key.',
      outcome: 'fails',
      evidence: `1 of 10,200 reads got another key's value${outsideText === undefined ? '' : ` ${outsideText}`}.`,
      cells: [last.id],
      counterexample: [`get ${outsideText ?? 'key'} -> "other"`],
      replay: `cacheproof run --seed 7 ${outsideText ?? ''}`.trim(),
      gates: true,
    })
  return all
}
