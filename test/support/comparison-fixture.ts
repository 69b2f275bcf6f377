import type { Alternative, Comparison, ComparisonGroup, NamedContrast } from '../../src/check/comparison/comparison.ts'
import type { Factors } from '../../src/check/comparison/factors.ts'
import type { Contrast } from '../../src/measure/inference/contrast.ts'
import { exactly } from '../../src/measure/metrics/figure.ts'
import type { Cell } from '../../src/measure/run-result.ts'

/** A value, or a value with its interval. */
type GivenFigure = number | readonly [value: number, low: number, high: number]

export interface AlternativeFixture {
  readonly id?: string
  readonly factors?: Factors
  readonly figures?: Readonly<Record<string, GivenFigure>>
  readonly isWithoutCache?: boolean
  readonly leftOut?: string
  readonly cells?: readonly Cell[]
}

/** `name` is its id as well, unless told. */
export function alternativeFixture(name: string, given: AlternativeFixture = {}): Alternative {
  const figures = Object.entries(given.figures ?? {}).map(([metric, figure]) => {
    const [value, low, high] = typeof figure === 'number' ? [figure] : figure
    const interval = low === undefined || high === undefined ? undefined : { low, high }
    return [metric, { pooled: exactly(value), byBlock: [], ...(interval && { interval }) }] as const
  })
  return {
    id: given.id ?? name,
    name,
    factors: given.factors ?? { workload: name },
    isWithoutCache: given.isWithoutCache === true,
    cells: given.cells ?? [],
    figures: Object.fromEntries(figures),
    leftOut: given.leftOut,
  }
}

/** "write-through reads the database half as often as cache-aside", tested in ten blocks, unless told otherwise. */
export function contrastFixture(figure: string, contrast: Partial<Contrast> = {}, given: Partial<NamedContrast> = {}): NamedContrast {
  return {
    group: 'plain',
    baseline: 'cache-aside',
    candidate: 'write-through',
    by: 'workload',
    figure,
    tested: true,
    ...given,
    contrast: { scale: 'ratio', paired: true, blocks: 10, estimate: 0.5, confidence: 0.99375, ...contrast },
  }
}

export function groupFixture(alternatives: readonly Alternative[], given: Partial<ComparisonGroup> = {}): ComparisonGroup {
  return { id: 'plain', load: '1,000 operations/s on 2,000 keys, SQLite behind', fault: undefined, ...given, alternatives }
}

export function comparisonFixture(
  groups: readonly ComparisonGroup[],
  contrasts: readonly NamedContrast[] = [],
  notes: readonly string[] = [],
): Comparison {
  const tested = contrasts.filter((one) => one.tested)
  return {
    factors: varyingFactors(groups),
    groups,
    family: { figures: [...new Set(tested.map(({ figure }) => figure))], size: tested.length, cut: [] },
    contrasts,
    modelled: [],
    notes,
  }
}

/** What differs within some group. */
function varyingFactors(groups: readonly ComparisonGroup[]): Comparison['factors'] {
  const levels = new Map<string, string[]>()
  for (const { alternatives } of groups) {
    const cached = alternatives.filter((one) => !one.isWithoutCache)
    for (const name of new Set(cached.flatMap((one) => Object.keys(one.factors)))) {
      const found = [...new Set(cached.flatMap((one) => one.factors[name] ?? []))]
      if (found.length > 1) levels.set(name, [...new Set([...(levels.get(name) ?? []), ...found])])
    }
  }
  return [...levels].map(([name, found]) => ({ name, levels: found }))
}

/** Three strategies and the case without a cache, ten blocks: words of every kind. */
export function strategiesFixture(cellsOf: (name: string) => readonly Cell[] = () => []): Comparison {
  const alternatives = [
    alternativeFixture('no cache', {
      factors: { workload: 'none' },
      isWithoutCache: true,
      cells: cellsOf('no cache'),
      figures: { 'read.p50': [4.1e6, 4.0e6, 4.2e6], 'read.p99': [25.4e6, 24.9e6, 26.1e6], database_reads: 1000, stale_ratio: 0 },
    }),
    alternativeFixture('cache-aside', {
      cells: cellsOf('cache-aside'),
      figures: {
        'read.p50': [310e3, 308e3, 313e3],
        'read.p99': [14.2e6, 13.6e6, 14.9e6],
        hit_ratio: [0.842, 0.836, 0.847],
        database_reads: [158, 153, 164],
        stale_ratio: [0.0004, 0.0002, 0.0007],
        memory: [1.21e6, 1.2e6, 1.22e6],
      },
    }),
    alternativeFixture('write-through', {
      cells: cellsOf('write-through'),
      figures: {
        'read.p50': [305e3, 303e3, 308e3],
        'read.p99': [13.9e6, 13.1e6, 14.6e6],
        hit_ratio: [0.915, 0.911, 0.919],
        database_reads: [85.3, 81, 89],
        stale_ratio: [0.0041, 0.0036, 0.0047],
        memory: [1.69e6, 1.67e6, 1.71e6],
      },
    }),
    alternativeFixture('TTL alone', {
      cells: cellsOf('TTL alone'),
      figures: {
        'read.p50': [298e3, 296e3, 301e3],
        'read.p99': [8.1e6, 7.6e6, 8.7e6],
        hit_ratio: [0.961, 0.958, 0.964],
        database_reads: [38.7, 36, 41],
        stale_ratio: [0.183, 0.176, 0.19],
        memory: [1.74e6, 1.72e6, 1.76e6],
      },
    }),
  ]
  const ttl = { candidate: 'TTL alone' }
  return comparisonFixture(
    [groupFixture(alternatives)],
    [
      contrastFixture('database_reads', { estimate: 0.54, interval: { low: 0.51, high: 0.57 }, word: 'better' }),
      contrastFixture('database_reads', { estimate: 0.245, interval: { low: 0.23, high: 0.26 }, word: 'better' }, ttl),
      contrastFixture('read.p99', { estimate: 0.98, interval: { low: 0.93, high: 1.03 }, word: 'inconclusive', blocksNeeded: 18 }),
      contrastFixture('read.p99', { estimate: 0.57, interval: { low: 0.52, high: 0.62 }, word: 'better' }, ttl),
      contrastFixture('stale_ratio', { scale: 'share', estimate: 0.0037, interval: { low: 0.0031, high: 0.0043 }, word: 'worse' }),
      contrastFixture('stale_ratio', { scale: 'share', estimate: 0.183, interval: { low: 0.175, high: 0.191 }, word: 'worse' }, ttl),
      contrastFixture('memory', { estimate: 1.4, interval: { low: 1.36, high: 1.44 }, word: 'worse' }),
      contrastFixture('memory', { estimate: 1.44, interval: { low: 1.4, high: 1.48 }, word: 'worse' }, ttl),
      contrastFixture('hit_ratio', { scale: 'share', estimate: 0.073, interval: { low: 0.066, high: 0.08 }, confidence: 0.95 }, { tested: false }),
    ],
  )
}

/** A kill of each engine under a session store: one keeps what it had, the other does not. */
export function killFixture(cellsOf: (name: string) => readonly Cell[] = () => []): Comparison {
  const named = (name: string, target: string, figures: AlternativeFixture['figures']) =>
    alternativeFixture(name, { factors: { workload: 'session-store', target }, cells: cellsOf(name), ...(figures && { figures }) })
  return comparisonFixture(
    [
      groupFixture(
        [
          named('Valkey', 'engine:valkey', { errors: 412, lost_sessions: 0, service_read_unavailable: 1.02e9, hit_ratio: 0.97, lost: 0 }),
          named('Memcached', 'engine:memcached', { errors: 431, lost_sessions: 967, service_read_unavailable: 1.04e9, hit_ratio: 0.91, lost: 967 }),
        ],
        { id: 'kill', fault: 'kill:primary at 2 s for 1 s', load: '500 operations/s in 200 sessions' },
      ),
    ],
    [
      contrastFixture(
        'lost',
        { scale: 'share', estimate: 96.7, word: 'worse', upperBound: { baseline: 0.001 } },
        { group: 'kill', baseline: 'Valkey', candidate: 'Memcached', by: 'target' },
      ),
    ],
  )
}

/** One workload at four TTLs. */
export function sweepFixture(cellsOf: (name: string) => readonly Cell[] = () => []): Comparison {
  const given: readonly (readonly [ttl: string, reads: number, stale: number, memory: number])[] = [
    ['1 s', 512, 0.011, 0.42e6],
    ['10 s', 231, 0.072, 0.97e6],
    ['60 s', 118, 0.214, 1.31e6],
    ['10 min', 92, 0.331, 1.38e6],
  ]
  const alternatives = given.map(([ttl, reads, stale, memory]) =>
    alternativeFixture(`TTL ${ttl}`, {
      factors: { workload: 'cache-aside-ttl-alone', 'with.ttl': ttl },
      cells: cellsOf(`TTL ${ttl}`),
      figures: {
        database_reads: [reads, reads * 0.96, reads * 1.04],
        stale_ratio: [stale, stale * 0.94, stale * 1.06],
        memory: [memory, memory * 0.99, memory * 1.01],
        hit_ratio: 1 - reads / 1000,
      },
    }),
  )
  const contrasts = given.slice(1).map(([ttl, reads]) => {
    const estimate = reads / 512
    return contrastFixture(
      'database_reads',
      { estimate, interval: { low: estimate * 0.95, high: estimate * 1.05 }, word: 'better' },
      { baseline: 'TTL 1 s', candidate: `TTL ${ttl}`, by: 'with.ttl' },
    )
  })
  return comparisonFixture([groupFixture(alternatives)], contrasts)
}

/** Several comparisons as one run's. Their groups must have different ids. */
export function joinedComparison(...parts: readonly Comparison[]): Comparison {
  return {
    factors: parts.flatMap(({ factors }) => factors),
    groups: parts.flatMap(({ groups }) => groups),
    family: {
      figures: [...new Set(parts.flatMap(({ family }) => family.figures))],
      size: parts.reduce((sum, { family }) => sum + family.size, 0),
      cut: parts.flatMap(({ family }) => family.cut),
    },
    contrasts: parts.flatMap(({ contrasts }) => contrasts),
    modelled: parts.flatMap(({ modelled }) => modelled),
    notes: parts.flatMap(({ notes }) => notes),
  }
}
