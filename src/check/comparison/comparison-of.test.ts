import { describe, expect, test } from 'vitest'
import { type Cell, type ComparisonPlan, RUN_SCHEMA_VERSION, type RunResult } from '../../measure/run-result.ts'
import { SECOND } from '../../runtime/runtime.ts'
import { cellFixture, classFixture, DATABASE_FIXTURE } from '../cell-fixture.contract.ts'
import { comparisonOf } from './comparison-of.ts'
import type { LabelledRun } from './labelled-run.ts'

/** Slower in each block by its own few per cent, as machines are. */
const NOISE = [1, 1.02, 0.98, 1.01, 0.99, 1.03]

interface Wanted {
  readonly workload?: string
  readonly pattern?: string
  readonly target?: string
  readonly ttlNanos?: number | null
  readonly readMillis?: number
  readonly databaseReads?: number
  readonly keys?: number
  readonly faults?: readonly unknown[]
  readonly variant?: unknown
}

function cellsOf(wanted: Wanted = {}, fields: Partial<Cell> = {}): Cell[] {
  const { workload = 'cache-aside', pattern = workload, target = 'local:redis', ttlNanos = SECOND, readMillis = 1, databaseReads = 4_000 } = wanted
  return NOISE.map((noise, block) =>
    cellFixture({
      id: `${workload}/${target}/wire/${block}`,
      workload,
      pattern,
      block,
      target: { ...cellFixture().target, label: target },
      database: DATABASE_FIXTURE,
      classes: [
        classFixture('app', 'read hit', 'read', 20_000, readMillis * noise * (1 + block / 1e3)),
        classFixture('database', 'read', 'read', Math.round(databaseReads * noise)),
      ],
      checks: ['staleness'],
      settings: {
        settings: { ttlNanos, writeRatio: 0.1 },
        keys: { count: wanted.keys ?? 100 },
        load: { kind: 'open', ratePerSecond: 1000 },
        faults: wanted.faults ?? [],
        ...(wanted.variant !== undefined && { variant: wanted.variant }),
      },
      ...fields,
    }),
  )
}

/** 100 calls to the cache, of which so many were refused. */
function refusing(refused: number): Cell['classes'] {
  const calls = classFixture('cache', 'get', 'read', 100 - refused)
  return [classFixture('app', 'read hit', 'read', 20_000, 1), { ...calls, fail: refused, errors: { NOPERM: refused } }]
}

function withoutCache(): Cell[] {
  return cellsOf({ workload: 'none (cache-aside)', pattern: 'none', ttlNanos: null, databaseReads: 20_000 }, { role: 'baseline', client: 'none' })
}

function runOf(cells: readonly Cell[], fields: Partial<RunResult> = {}, label = 'run'): LabelledRun {
  const result: RunResult = {
    schemaVersion: RUN_SCHEMA_VERSION,
    name: label,
    status: 'complete',
    tool: { name: 'cacheproof', version: '1.0.0' },
    command: 'cacheproof run',
    seed: 1,
    virtual: false,
    cells: [...cells],
    verdicts: [],
    notes: [],
    ...fields,
  }
  return { label, result }
}

const plan = (factors: ComparisonPlan['factors'], figures = ['database_reads', 'read.p50']): { comparison: ComparisonPlan } => ({
  comparison: { factors, figures, blocks: 6, equivalentWithin: 0.05 },
})

const namesOf = (comparison: ReturnType<typeof comparisonOf>) => {
  const names = new Map(comparison.groups.flatMap(({ alternatives }) => alternatives.map(({ id, name }) => [id, name] as const)))
  return comparison.contrasts
    .filter(({ tested }) => tested)
    .map(({ baseline, candidate, figure }) => `${figure}: ${names.get(candidate)} against ${names.get(baseline)}`)
}

describe('what is compared with what', () => {
  test('strategies under one load stand in one group, with the case without a cache; another load in another', () => {
    const cells = [...cellsOf(), ...cellsOf({ workload: 'write-through' }), ...withoutCache(), ...cellsOf({ workload: 'other', keys: 7 })]
    const { groups } = comparisonOf([runOf(cells)])
    expect(groups.map(({ alternatives }) => alternatives.map(({ name }) => name))).toEqual([
      ['no cache', 'cache-aside', 'write-through'],
      ['other on local:redis'],
    ])
  })

  test('levels come in the order of the plan, whatever ran first; the first is the baseline', () => {
    const cells = [...cellsOf({ workload: 'write-through' }), ...cellsOf()]
    const figures = plan([{ name: 'workload', levels: ['cache-aside', 'write-through'] }])
    expect(namesOf(comparisonOf([runOf(cells, figures)]))).toEqual([
      'database_reads: write-through against cache-aside',
      'read.p50: write-through against cache-aside',
    ])
    expect(namesOf(comparisonOf([runOf(cells, figures)], { by: 'workload', baseline: 'write-through' }))[0]).toBe(
      'database_reads: cache-aside against write-through',
    )
  })

  test('two factors: each is compared where the other is the same', () => {
    const cells = ['cache-aside', 'write-through'].flatMap((workload) =>
      ['local:redis', 'local:valkey'].flatMap((target) => cellsOf({ workload, target })),
    )
    expect(namesOf(comparisonOf([runOf(cells)], { figures: ['read.p50'] }))).toEqual([
      'read.p50: write-through, local:redis against cache-aside, local:redis',
      'read.p50: write-through, local:valkey against cache-aside, local:valkey',
      'read.p50: cache-aside, local:valkey against cache-aside, local:redis',
      'read.p50: write-through, local:valkey against write-through, local:redis',
    ])
    expect(namesOf(comparisonOf([runOf(cells)], { figures: ['read.p50'], by: 'target' }))).toHaveLength(2)
  })

  test('a setting that was varied is a factor, and its workload is one workload', () => {
    const variant = (ttl: string) => ({ of: 'cache-aside', settings: { 'with.ttl': ttl } })
    const cells = ['1s', '2s', '3s'].flatMap((ttl, index) =>
      cellsOf({ workload: `cache-aside ttl=${ttl}`, pattern: 'cache-aside', ttlNanos: (index + 1) * SECOND, variant: variant(ttl) }),
    )
    const comparison = comparisonOf([runOf(cells, plan([{ name: 'with.ttl', levels: ['2s', '1s', '3s'] }], ['read.p50']))])
    expect(comparison.factors).toEqual([{ name: 'with.ttl', levels: ['2s', '1s', '3s'] }])
    expect(namesOf(comparison)).toEqual(['read.p50: ttl 1s against ttl 2s', 'read.p50: ttl 3s against ttl 2s'])
  })

  test('one strategy alone is held against the case without a cache', () => {
    expect(namesOf(comparisonOf([runOf([...cellsOf(), ...withoutCache()])], { figures: ['read.p50'] }))).toEqual([
      'read.p50: cache-aside on local:redis against no cache',
    ])
  })

  test('cells in which a fault strikes stand apart, and are asked what it cost and nothing else', () => {
    const faults = [{ fault: 'kill', on: 'primary', atNanos: SECOND, forNanos: SECOND }]
    const cells = [...cellsOf(), ...cellsOf({ workload: 'write-through' }), ...cellsOf({ faults }), ...cellsOf({ workload: 'write-through', faults })]
    const comparison = comparisonOf([runOf(cells)], { figures: ['read.p50', 'read_unavailable'] })
    expect(comparison.groups.map(({ fault }) => fault)).toEqual([undefined, 'kill:primary at 1 s for 1 s'])
    expect(comparison.contrasts.filter(({ figure }) => figure === 'read.p50').map(({ group }) => group)).toEqual(['group-1'])
  })

  test('the family is filled figure by figure and cut at eight; each stands at its share of the error', () => {
    const cells = ['a', 'b', 'c', 'd', 'e', 'f'].flatMap((workload) => cellsOf({ workload, pattern: 'cache-aside' }))
    const { family, contrasts } = comparisonOf([runOf(cells)], { figures: ['read.p50', 'database_reads'] })
    expect(family).toEqual({ figures: ['read.p50', 'database_reads'], size: 8, cut: ['database_reads', 'database_reads'] })
    const tested = contrasts.filter(({ tested }) => tested)
    expect(tested.map(({ figure }) => figure)).toEqual([...Array(5).fill('read.p50'), ...Array(3).fill('database_reads')])
    expect(tested.every(({ contrast }) => Math.abs(contrast.confidence - (1 - 0.05 / 8)) < 1e-12)).toBe(true)
    expect(contrasts.filter(({ tested }) => !tested).every(({ contrast }) => contrast.confidence === 0.95 && contrast.word === undefined)).toBe(true)
  })
})

describe('what cannot be said', () => {
  test('two embedded engines share a model of the network: their times are not compared, their database reads are', () => {
    const cells = ['engine:valkey', 'engine:memcached'].flatMap((target) => cellsOf({ target }))
    const { contrasts, notes } = comparisonOf([runOf(cells)], { figures: ['read.p50', 'database_reads'] })
    expect([...new Set(contrasts.map(({ figure }) => figure))]).not.toContain('read.p50')
    expect(contrasts.filter(({ tested }) => tested).map(({ figure }) => figure)).toEqual(['database_reads'])
    expect(notes.join()).toContain('cacheproof run cache-aside --target local:valkey --target local:memcached')
  })

  test('what the shared model decides is told figure by figure, around a fault what fails as well; of strategies nothing is', () => {
    const faults = [{ fault: 'kill', on: 'primary', atNanos: SECOND, forNanos: SECOND }]
    const engines = ['engine:valkey', 'engine:memcached']
    const cells = engines.flatMap((target) => [
      ...cellsOf({ target }),
      ...cellsOf({ target, workload: 'write-through' }),
      ...cellsOf({ target, faults }),
    ])
    const { groups, modelled } = comparisonOf([runOf(cells)])
    const figuresOf = (fault: boolean) =>
      modelled.filter(({ group }) => groups.some(({ id, fault: one }) => id === group && (one !== undefined) === fault)).map(({ figure }) => figure)
    expect(figuresOf(false)).toContain('read.p50')
    expect(figuresOf(false)).not.toContain('error_ratio')
    expect(figuresOf(false)).not.toContain('hit_ratio')
    expect(figuresOf(true)).toEqual(expect.arrayContaining(['read.p99', 'read_unavailable', 'error_ratio']))
    const targetOf = (id: string) => groups.flatMap(({ alternatives }) => alternatives).find((one) => one.id === id)!.factors
    for (const one of modelled) {
      expect([targetOf(one.baseline)['target'], targetOf(one.candidate)['target']]).toEqual(engines)
      expect(targetOf(one.baseline)['workload']).toBe(targetOf(one.candidate)['workload'])
    }
    const real = ['local:redis', 'engine:redis'].flatMap((target) => cellsOf({ target }))
    expect(comparisonOf([runOf(real)]).modelled).toEqual([])
  })

  test('a TTL that was not measured for three of its lengths is not drawn, and the time it needs is named', () => {
    const cells = [2, 4].flatMap((seconds) =>
      cellsOf({
        workload: `cache-aside ttl=${seconds}s`,
        pattern: 'cache-aside',
        ttlNanos: seconds * SECOND,
        variant: { of: 'cache-aside', settings: { 'with.ttl': `${seconds}s` } },
      }),
    )
    const { groups, contrasts } = comparisonOf([runOf(cells)])
    const [short, long] = groups[0]!.alternatives
    expect(short!.leftOut).toBeUndefined()
    expect(long!.leftOut).toContain('--duration 12s')
    expect(long!.figures).toEqual({})
    expect(contrasts.every(({ tested }) => tested)).toBe(true)
    for (const { contrast } of contrasts) {
      expect(contrast).toMatchObject({ blocks: 0, estimate: null, why: expect.stringContaining(`${long!.name}: ${long!.leftOut}`) })
      expect(contrast.word).toBeUndefined()
    }
  })

  test('an alternative whose generator was the bottleneck in every block says so beside its figures, and is compared with nothing', () => {
    const audit = { ...cellFixture().audit, generatorLimited: true, reasons: ['the event loop was busy'] }
    const { groups, notes, contrasts } = comparisonOf([runOf([...cellsOf(), ...cellsOf({ workload: 'write-through' }, { audit })])])
    expect(groups[0]!.alternatives[1]).toMatchObject({ figures: { 'read.p50': {} }, leftOut: expect.stringContaining('the event loop was busy') })
    expect(contrasts.map(({ contrast: { estimate, word } }) => [estimate, word])).toEqual(contrasts.map(() => [null, undefined]))
    expect(notes.join()).toContain('write-through: the load generator was the bottleneck')
  })

  test.each<[string, Partial<Cell>]>([
    ['the cache failed without a fault that was planned: NOPERM 60 of 100 calls', { classes: refusing(60) }],
    ['it ended before its time: Ctrl-C', { missing: { nanos: SECOND, operations: null }, endedEarly: 'Ctrl-C' }],
  ])('what a cell that may not speak would say is not compared: %s', (why, fields) => {
    const cells = [...cellsOf(), ...cellsOf({ workload: 'write-through' }).map((cell) => ({ ...cell, ...fields }))]
    const { groups, contrasts } = comparisonOf([runOf(cells)], { figures: ['read.p50'] })
    expect(groups[0]!.alternatives[1]!.leftOut).toBe(why)
    expect(groups[0]!.alternatives[1]!.figures).toHaveProperty('read.p50')
    expect(contrasts).toHaveLength(1)
    expect(contrasts[0]).toMatchObject({ tested: true, contrast: { blocks: 0, estimate: null, why: `write-through: ${why}` } })
  })

  test('a few refusals, and those of a planned fault, are part of what is measured', () => {
    const faults = [{ fault: 'kill', on: 'primary', atNanos: SECOND, forNanos: SECOND }]
    const few = cellsOf({ workload: 'write-through' }, { classes: refusing(1) })
    const struck = [...cellsOf({ faults }), ...cellsOf({ workload: 'write-through', faults }, { classes: refusing(60) })]
    const { groups } = comparisonOf([runOf([...cellsOf(), ...few, ...struck])])
    expect(groups.flatMap(({ alternatives }) => alternatives.map(({ leftOut }) => leftOut))).toEqual(Array(4).fill(undefined))
  })

  test('where one block may not speak the others do, and the share is told', () => {
    const spoilt = cellsOf({ workload: 'write-through' }).map((cell, block) =>
      block === 2 ? { ...cell, missing: { nanos: SECOND, operations: null } } : cell,
    )
    const { groups, contrasts } = comparisonOf([runOf([...cellsOf(), ...spoilt])], { figures: ['read.p50'] })
    expect(groups[0]!.alternatives[1]!.leftOut).toBe('it ended before its time in 1 of 6 blocks: part of its measured time is missing')
    expect(contrasts[0]!.contrast).toMatchObject({ blocks: 5 })
  })

  test('a percentile that no block has by itself is shown of all together, without a word', () => {
    const few = (workload: string, readMillis: number) =>
      cellsOf({ workload, readMillis }).map((cell) => ({ ...cell, classes: [classFixture('app', 'read hit', 'read', 5_000, readMillis)] }))
    const { contrasts } = comparisonOf([runOf([...few('cache-aside', 1), ...few('write-through', 2)])], { figures: ['read.p99'] })
    expect(contrasts[0]).toMatchObject({
      figure: 'read.p99',
      tested: true,
      contrast: { blocks: 0, why: expect.stringContaining('fewer than 100 values') },
    })
    expect(contrasts[0]!.contrast.estimate).toBeCloseTo(2, 1)
    expect(contrasts[0]!.contrast.word).toBeUndefined()
  })
})

describe('money', () => {
  const cells = () =>
    ['cache-aside', 'write-through'].flatMap((workload) => cellsOf({ workload, databaseReads: workload === 'cache-aside' ? 4_000 : 2_000 }))

  test('stands beside the other figures where prices are named, seen and not tested', () => {
    const prices = { currency: 'EUR', readsPerMillion: 0.5 }
    const { groups, contrasts, currency, family, notes } = comparisonOf([runOf(cells())], { prices })
    expect(groups[0]!.alternatives.map(({ figures }) => figures['cost']?.pooled)).toEqual([
      { low: expect.closeTo(0.1, 2), high: expect.closeTo(0.1, 2) },
      { low: expect.closeTo(0.05, 2), high: expect.closeTo(0.05, 2) },
    ])
    expect(contrasts.filter(({ figure }) => figure === 'cost').map(({ tested, contrast }) => [tested, contrast.estimate])).toEqual([
      [false, expect.closeTo(0.5, 5)],
    ])
    expect([currency, family.figures.includes('cost'), notes[0]]).toEqual(['EUR', false, expect.stringContaining('0.5 for a million database reads')])
  })

  test('is nowhere without', () => {
    expect(JSON.stringify(comparisonOf([runOf(cells())]))).not.toMatch(/"cost"|currency/)
  })
})

describe('between runs', () => {
  const pair = (second: Partial<RunResult> = {}) => [runOf(cellsOf(), {}, 'old'), runOf(cellsOf({ readMillis: 2 }), second, 'new')]

  test('runs of the same cells are compared run by run', () => {
    const comparison = comparisonOf(pair(), { figures: ['read.p50'] })
    expect(namesOf(comparison)).toEqual(['read.p50: new against old'])
    expect(comparison.contrasts[0]!.contrast).toMatchObject({ paired: false, blocks: 1 })
  })

  test('what else differs between the runs is said', () => {
    const other = runOf(cellsOf({}, { target: { ...cellFixture().target, version: '7.2.4' }, connections: 3 }), { seed: 2 }, 'new')
    const { notes } = comparisonOf([runOf(cellsOf({}, { connections: 2 }), {}, 'old'), other])
    expect(notes).toContain('the seed differs: old has 1, new 2')
    expect(notes).toContain('cache-aside on local:redis: the engines of old and new differ: redis 7.0.15 and redis 7.2.4')
    expect(notes).toContain('cache-aside on local:redis: the connections of old and new differ: 2 and 3')
    expect(comparisonOf([runOf(cellsOf(), {}, 'old'), runOf(cellsOf(), {}, 'new')]).notes).toEqual([])
  })

  test('equal seeds on virtual time are paired block by block, other seeds are not', () => {
    const virtual = pair().map(({ label, result }) => ({ label, result: { ...result, virtual: true } }))
    expect(comparisonOf(virtual, { figures: ['read.p50'] }).contrasts[0]!.contrast).toMatchObject({ paired: true, blocks: 6 })
    const otherSeed = [virtual[0]!, { label: 'new', result: { ...virtual[1]!.result, seed: 2 } }]
    expect(comparisonOf(otherSeed, { figures: ['read.p50'] }).contrasts[0]!.contrast).toMatchObject({ paired: false })
  })

  test('a run of one target and a run of another are compared by target', () => {
    const runs = [runOf(cellsOf(), {}, 'a'), runOf(cellsOf({ target: 'local:valkey' }), {}, 'b')]
    expect(namesOf(comparisonOf(runs, { figures: ['read.p50'] }))).toEqual(['read.p50: local:valkey against local:redis'])
  })

  test('several runs a side are one observation each', () => {
    const runs = ['local:redis', 'local:valkey'].flatMap((target) => [0, 1, 2].map((index) => runOf(cellsOf({ target }), {}, `${target}-${index}`)))
    const { contrasts } = comparisonOf(runs, { figures: ['read.p50'], by: 'target' })
    expect(contrasts[0]!.contrast).toMatchObject({ paired: false, blocks: 3 })
  })
})
