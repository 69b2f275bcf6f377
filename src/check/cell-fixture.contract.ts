import { Histogram } from '../measure/histogram.ts'
import { latencyOf } from '../measure/latency.ts'
import { METRIC_DEFINITIONS } from '../measure/metrics/catalogue.ts'
import type { Cell, ClassMeasurement, Latency, Series } from '../measure/run-result.ts'
import { MILLISECOND, SECOND } from '../runtime/runtime.ts'

/** For tests: latencies of the given values in milliseconds, each as often as asked. */
export function latencyFixture(millis: readonly number[], times = 1): Latency {
  const histogram = new Histogram()
  for (let i = 0; i < times; i++) for (const value of millis) histogram.record(Math.round(value * MILLISECOND))
  return latencyOf(histogram)!
}

/** For tests: a class of operations of which `ok` ended well, each in `millis` (response and service). */
export function classFixture(
  layer: ClassMeasurement['layer'],
  name: string,
  kind: ClassMeasurement['kind'],
  ok: number,
  millis = 1,
): ClassMeasurement {
  const latency = ok > 0 ? latencyFixture([millis], ok) : undefined
  const cache = layer === 'app' ? (/\bhit$/.exec(name) ? 'hit' : /\bmiss$/.exec(name) ? 'miss' : undefined) : undefined
  return {
    name,
    layer,
    kind,
    ...(cache && { cache }),
    ok,
    inTime: ok,
    fail: 0,
    info: 0,
    unstarted: 0,
    errors: {},
    ...(latency && { service: latency, ...(layer === 'app' && { response: latency }) }),
  }
}

export const EMPTY_SERIES: Series = {
  intervalNanos: SECOND / 4,
  okReads: [],
  okWrites: [],
  failed: [],
  unknown: [],
  p50Nanos: [],
  p99Nanos: [],
  maxNanos: [],
  hits: [],
  misses: [],
  databaseReads: [],
  databaseWrites: [],
  errors: {},
}

/** For tests: a cell of a real server and a real database, full history, in which nothing happened yet. */
export function cellFixture(fields: Partial<Cell> = {}): Cell {
  return {
    id: `${fields.workload ?? 'cache-aside'}/local:redis/wire/${fields.block ?? 0}`,
    workload: 'cache-aside',
    pattern: 'cache-aside',
    role: 'measured',
    block: 0,
    target: {
      url: 'redis://127.0.0.1',
      label: 'local:redis',
      engine: 'redis',
      version: '7.0.15',
      topology: 'single',
      ours: true,
      tls: false,
      evidence: 'observed',
      settings: {},
    },
    client: 'wire',
    clientSettings: {},
    settings: {},
    settingsHash: '',
    startedAtNanos: 0,
    durationNanos: 10 * SECOND,
    measuredNanos: 10 * SECOND,
    definitions: METRIC_DEFINITIONS,
    events: [{ kind: 'phase', name: 'steady', detail: '', startNanos: 0, endNanos: 10 * SECOND, warmUp: false }],
    classes: [],
    series: EMPTY_SERIES,
    recovery: [],
    audit: {
      offeredPerSecond: 1000,
      startedPerSecond: 1000,
      scheduleLagP99Nanos: 0,
      eventLoopUtilization: 0.3,
      eventLoopDelayP99Nanos: 0,
      gcPauseNanos: 0,
      unstarted: 0,
      generatorLimited: false,
      reasons: [],
    },
    codePaths: 7,
    instances: 1,
    history: { level: 'full', rows: 0, tornSegments: 0, hash: '' },
    ...fields,
  }
}

export const DATABASE_FIXTURE: NonNullable<Cell['database']> = {
  label: 'postgresql 15.18',
  kind: 'postgres',
  url: 'postgres://127.0.0.1',
  version: '15.18',
  serviceModel: 'none',
  evidence: 'observed',
}

export const LIMITED_AUDIT: Cell['audit'] = {
  ...cellFixture().audit,
  startedPerSecond: 500,
  generatorLimited: true,
  reasons: ['achieved half of the rate'],
}
