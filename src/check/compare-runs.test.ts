import { describe, expect, test } from 'vitest'
import { singleValue } from '../measure/metrics/figure.ts'
import { type Cell, RUN_SCHEMA_VERSION, type RunResult } from '../measure/run-result.ts'
import { cellFixture, classFixture, latencyFixture } from './cell-fixture.contract.ts'
import { compareRuns, type LabelledRun } from './compare-runs.ts'

function cell(block: number, readMillis: number, fields: Partial<Cell> = {}): Cell {
  return cellFixture({ block, classes: [classFixture('app', 'read hit', 'read', 20_000, readMillis)], ...fields })
}

function run(label: string, cells: readonly Cell[], fields: Partial<RunResult> = {}): LabelledRun {
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

const blocks = (millis: readonly number[], fields: Partial<Cell> = {}) => millis.map((one, block) => cell(block, one, fields))
const SIX = [1, 1.02, 0.98, 1.01, 0.99, 1]
const limited = { ...cellFixture().audit, generatorLimited: true, reasons: ['the event loop was busy'] }

function p50Of(comparison: ReturnType<typeof compareRuns>) {
  return comparison.rows[0]!.figures.find(({ name }) => name === 'read.p50')!.values
}

describe('figures', () => {
  test('one block each: a ratio, no interval and no judgement', () => {
    const [baseline, candidate] = p50Of(compareRuns([run('a', blocks([1])), run('b', blocks([1.5]))]))
    expect(baseline).toMatchObject({ blocks: 1 })
    expect(singleValue(baseline!.figure)! / 1e6).toBeCloseTo(1, 1)
    expect(candidate!.ratio!.ratio).toBeCloseTo(1.5, 1)
    expect(candidate!.ratio!.interval).toBeUndefined()
    expect(candidate!.judgement).toBeUndefined()
  })

  test.each([
    ['worse', 1.5],
    ['better', 0.5],
    ['equivalent', 1],
  ] as const)('six blocks: %s', (judgement, factor) => {
    const candidate = p50Of(compareRuns([run('a', blocks(SIX)), run('b', blocks(SIX.map((one) => one * factor)))]))[1]!
    expect(candidate.judgement).toBe(judgement)
    expect(candidate.ratio!.interval!.low).toBeLessThanOrEqual(candidate.ratio!.interval!.high)
  })

  test('six blocks that scatter say nothing', () => {
    const scattered = [2, 0.5, 1.8, 0.6, 1.5, 0.7]
    expect(p50Of(compareRuns([run('a', blocks(SIX)), run('b', blocks(scattered))]))[1]!.judgement).toBe('inconclusive')
  })

  test('blocks are matched by their number, whatever their order', () => {
    const slow = blocks([1, 2, 4, 8, 16, 32])
    const candidate = p50Of(compareRuns([run('a', slow), run('b', [...slow].reverse())]))[1]!
    expect(candidate.ratio!.ratio).toBeCloseTo(1, 6)
    expect(candidate.judgement).toBe('equivalent')
  })
})

describe('figures that are bounds', () => {
  const reads = (readMillis: number, unknown: number, waitedMillis: number) => [
    { ...classFixture('app', 'read hit', 'read', 20_000, readMillis) },
    ...(unknown > 0 ? [{ ...classFixture('app', 'read unknown', 'read', 0), info: unknown, waited: latencyFixture([waitedMillis], unknown) }] : []),
  ]
  const run6 = (label: string, classes: Cell['classes']) =>
    run(
      label,
      SIX.map((_, block) => cell(block, 1, { classes })),
    )

  test('without an upper bound there is no ratio and no word', () => {
    // More than half never heard of an outcome: the median is one of them.
    const candidate = p50Of(compareRuns([run6('a', reads(1, 0, 0)), run6('b', reads(0.1, 30_000, 5))]))[1]!
    expect(candidate.judgement).toBeUndefined()
    expect(candidate.ratio).toBeUndefined()
  })

  test('each side counts at its worse bound', () => {
    // The median lies between 1 ms (as waited) and 4 ms (as answered).
    const classes = [
      { ...classFixture('app', 'read hit', 'read', 20_000), response: latencyFixture([1, 4, 4], 7_000) },
      { ...classFixture('app', 'read unknown', 'read', 0), info: 8_000, waited: latencyFixture([0.5], 8_000) },
    ]
    const candidate = p50Of(compareRuns([run6('a', reads(2, 0, 0)), run6('b', classes)]))[1]!
    expect(candidate.figure).toMatchObject({ low: expect.closeTo(1e6, -5), high: expect.closeTo(4e6, -5) })
    expect(candidate.judgement).toBe('inconclusive')
    expect(candidate.ratio!.interval!.low).toBeLessThan(0.6)
    expect(candidate.ratio!.interval!.high).toBeGreaterThan(1.9)
  })

  test('what mostly failed is not called better', () => {
    const failing = [...reads(0.5, 0, 0), { ...classFixture('app', 'read error', 'read', 0), fail: 30_000 }]
    expect(p50Of(compareRuns([run6('a', reads(1, 0, 0)), run6('b', failing)]))[1]!.judgement).toBe('inconclusive')
    expect(p50Of(compareRuns([run6('a', reads(1, 0, 0)), run6('b', reads(0.5, 0, 0))]))[1]!.judgement).toBe('better')
  })

  test('figures of two definitions are not paired', () => {
    const older = run('old', blocks([1], { definitions: 1 }))
    const comparison = compareRuns([older, run('new', blocks([1]))])
    expect(comparison.rows).toEqual([])
    expect(comparison.leftOut.find(({ label }) => label === 'old')!.reason).toContain('older definitions')
  })
})

describe('what is left out', () => {
  test('blocks in which the generator was the bottleneck', () => {
    const cells = [...blocks([1, 1]), cell(2, 50, { audit: limited })]
    const comparison = compareRuns([run('a', blocks([1, 1, 1])), run('b', cells)])
    expect(p50Of(comparison)[1]).toMatchObject({ blocks: 2 })
    expect(singleValue(p50Of(comparison)[1]!.figure)! / 1e6).toBeCloseTo(1, 1)
    expect(comparison.leftOut).toEqual([
      { what: 'cache-aside on local:redis over wire', label: 'b', reason: expect.stringMatching(/in 1 of 3 blocks: the event loop was busy/) },
    ])
  })

  test('rows that only one run has, and patterns that do not apply', () => {
    const comparison = compareRuns([
      run('a', [cell(0, 1), cell(0, 1, { workload: 'sessions' })]),
      run('b', [cell(0, 1), cell(0, 1, { workload: 'board', notApplicable: 'no sorted sets' })]),
    ])
    expect(comparison.rows.map(({ workload }) => workload)).toEqual(['cache-aside'])
    expect(comparison.leftOut.map(({ label, reason }) => [label, reason])).toEqual([
      ['a', 'only this run has it'],
      ['b', 'not applicable: no sorted sets'],
    ])
  })

  test('nothing in common is no row', () => {
    expect(compareRuns([run('a', [cell(0, 1)]), run('b', [cell(0, 1, { client: 'ioredis' })])]).rows).toEqual([])
  })
})

describe('warnings', () => {
  test('none between runs that were made alike', () => {
    expect(compareRuns([run('a', blocks([1])), run('b', blocks([2]))]).warnings).toEqual([])
  })

  test('seed, version, status and settings', () => {
    const other = run('b', blocks([1], { settingsHash: 'another' }), {
      seed: 2,
      status: 'interrupted',
      tool: { name: 'cacheproof', version: '2.0.0' },
    })
    const text = compareRuns([run('a', blocks([1])), other]).warnings.join('\n')
    expect(text).toContain('b is incomplete')
    expect(text).toContain('the seed differs: a has 1, b 2')
    expect(text).toContain('a has 1.0.0, b 2.0.0')
    expect(text).toContain('the settings of a and b differ')
  })

  test('connections, where both runs tell how many there were', () => {
    const warnings = (left?: number, right?: number) => {
      const of = (connections?: number) => blocks([1], connections === undefined ? {} : { connections })
      return compareRuns([run('a', of(left)), run('b', of(right))]).warnings.join()
    }
    expect(warnings(7, 8)).toMatch(/the connections of a and b differ: 7 and 8/)
    expect(warnings(7, 7) + warnings(undefined, 8) + warnings(7)).toBe('')
  })
})
