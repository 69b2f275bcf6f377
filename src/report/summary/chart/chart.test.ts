import { describe, expect, it } from 'vitest'
import {
  alternativeFixture,
  comparisonFixture,
  contrastFixture,
  groupFixture,
  killFixture,
  strategiesFixture,
  sweepFixture,
} from '../../../../test/support/comparison-fixture.ts'
import type { Comparison } from '../../../check/comparison/comparison.ts'
import { missing } from '../../../measure/metrics/figure.ts'
import { chartAxis } from './chart-axis.ts'
import { type ComparisonChart, comparisonChart } from './comparison-chart.ts'
import { comparisonTables } from './comparison-table.ts'
import { levelSize } from './level-size.ts'
import { tradeOffs } from './trade-off.ts'

const chartOf = (comparison: Comparison): ComparisonChart => comparisonChart(comparison, comparison.groups[0]!)!
const titlesOf = (comparison: Comparison) => chartOf(comparison).columns.map(({ title }) => title)

describe('the comparison chart', () => {
  const chart = chartOf(strategiesFixture())

  it('has the figures that matter in their order, those of faults only where one struck', () => {
    expect(titlesOf(strategiesFixture())).toEqual(['Read p50', 'Read p99', 'Hit ratio', 'Database reads', 'Stale reads', 'Memory'])
    expect(titlesOf(killFixture())).toEqual(['Lost', 'No service', 'Errors', 'Hit ratio'])
  })

  it('begins with the baseline and ends with the case without a cache', () => {
    expect(chart.rows.map(({ alternative, isBaseline }) => [alternative.name, isBaseline])).toEqual([
      ['cache-aside', true],
      ['write-through', false],
      ['TTL alone', false],
      ['no cache', false],
    ])
  })

  it('colours a point only for an earned word, with the difference it is of', () => {
    const [baseline, through, , uncached] = chart.rows
    expect(through!.points.map(({ verdict }) => verdict)).toEqual([
      undefined,
      undefined,
      undefined,
      { word: 'better', change: '−46 %' },
      { word: 'worse', change: '+0.37 points' },
      { word: 'worse', change: '+40 %' },
    ])
    for (const row of [baseline!, uncached!]) expect(row.points.every(({ verdict }) => verdict === undefined)).toBe(true)
  })

  it('holds each point against the one baseline, and against none where there are several', () => {
    expect(chart.rows[1]!.points[3]).toMatchObject({ reference: 158, value: { low: 85.3, high: 85.3 }, interval: { low: 81, high: 89 } })
    const two = comparisonFixture(
      [groupFixture(strategiesFixture().groups[0]!.alternatives)],
      [contrastFixture('database_reads'), contrastFixture('database_reads', {}, { baseline: 'write-through', candidate: 'TTL alone' })],
    )
    expect(chartOf(two).rows[1]!.points[3]).not.toHaveProperty('reference')
  })

  it('says why a figure is missing', () => {
    expect(chart.rows[3]!.points[2]).toEqual({ words: '–', missing: 'not measured' })
    const silent = alternativeFixture('slow', { leftOut: 'the load generator was the bottleneck' })
    const { rows } = chartOf(comparisonFixture([groupFixture([...strategiesFixture().groups[0]!.alternatives, silent])]))
    expect(rows.find(({ alternative }) => alternative.name === 'slow')!.points[0]!.missing).toBe('the load generator was the bottleneck')
  })

  it('draws once what one model of the network gives two engines, and says so at the other', () => {
    const engines = ['engine:valkey', 'engine:memcached'].map((target) =>
      alternativeFixture(target, {
        factors: { target },
        figures: { 'read.p50': 310e3, 'read.p99': target === 'engine:valkey' ? 4e6 : 9e6, hit_ratio: 0.9 },
      }),
    )
    const ids = { group: 'plain', baseline: 'engine:valkey', candidate: 'engine:memcached' }
    const contrast = contrastFixture('hit_ratio', {}, { ...ids, by: 'target', tested: false })
    const modelled = ['read.p50', 'read.p99'].map((figure) => ({ ...ids, figure }))
    const [first, second] = chartOf({ ...comparisonFixture([groupFixture(engines)], [contrast]), modelled }).rows
    expect(first!.points.map(({ words }) => words)).toEqual(['310 us', '4 ms', '90 %'])
    expect(second!.points.slice(0, 2)).toEqual([
      { words: 'the same', modelled: true },
      { words: 'not compared', modelled: true },
    ])
    expect(second!.points[2]).toMatchObject({ words: '90 %', reference: 0.9 })
  })

  it('gives a percentile a column under its own head where the rarer one is missing', () => {
    const few = { ...alternativeFixture('few', { figures: { 'read.p50': 1e6, 'read.p90': 6.6e6 } }) }
    const figures = { ...few.figures, 'read.p99': { pooled: missing('too few'), byBlock: [] } }
    const many = alternativeFixture('many', { figures: { 'read.p50': 1e6, 'read.p90': 5e6, 'read.p99': 9e6 } })
    expect(titlesOf(comparisonFixture([groupFixture([{ ...few, figures }, many])]))).toEqual(['Read p50', 'Read p90', 'Read p99'])
    expect(titlesOf(comparisonFixture([groupFixture([many])]))).toEqual(['Read p50', 'Read p99'])
  })

  it('begins with money where somebody named prices', () => {
    const pair = ['cache-aside', 'write-through'].map((name) => alternativeFixture(name, { figures: { hit_ratio: 0.9, cost: 0.0042 } }))
    const comparison = comparisonFixture([groupFixture(pair)])
    expect(titlesOf({ ...comparison, currency: 'EUR' })).toEqual(['Cost in EUR', 'Hit ratio'])
    expect(comparisonTables({ ...comparison, currency: 'EUR' })[0]).toMatchObject({
      columns: ['cost in EUR', 'hit ratio'],
      rows: [{ values: ['0.0042', '90 %'] }, {}],
    })
    expect(titlesOf(comparison)).toEqual(['Hit ratio'])
    // Around a fault the question is another.
    expect(titlesOf({ ...comparisonFixture([groupFixture(pair, { fault: 'kill:primary at 2 s' })]), currency: 'EUR' })).toEqual(['Hit ratio'])
  })

  it('has a column for whatever was tested', () => {
    const tested = contrastFixture('round_trips', { estimate: 0.9, interval: { low: 0.8, high: 0.95 }, word: 'better' })
    const pair = ['cache-aside', 'write-through'].map((name) => alternativeFixture(name, { figures: { round_trips: 1.2 } }))
    expect(titlesOf(comparisonFixture([groupFixture(pair)], [tested]))).toHaveLength(1)
  })

  it('is a table in outputs of text, with the same marks', () => {
    const [table] = comparisonTables(strategiesFixture())
    expect(table!.columns).toEqual(['read p50', 'read p99', 'hit ratio', 'database reads', 'stale reads', 'memory'])
    expect(table!.rows[1]!.values).toEqual(['305 us', '13.9 ms', '91.5 %', '85.3 ▲', '0.41 % ▼', '1.69 MB ▼'])
  })
})

describe('an axis', () => {
  const of = (unit: 'nanos' | 'ratio' | 'number', ...values: number[]) =>
    chartAxis(
      { unit },
      values.map((value) => ({ value: { low: value, high: value } })),
    )

  it('begins at nothing', () => {
    const axis = of('number', 39, 158, 1000)
    expect(axis.position(0)).toBe(0)
    expect(axis.position(1000)).toBe(1)
    expect(axis.ticks.map(({ words }) => words)).toEqual(['0', '500', '1,000'])
  })

  it('is logarithmic for times of several sizes, and says so', () => {
    const axis = of('nanos', 0.3e6, 4e6)
    expect(axis.isLog).toBe(true)
    expect(axis.position(0.3e6)).toBeLessThan(0.3)
    expect(of('nanos', 3e6, 4e6).isLog).toBe(false)
  })

  it('comes closer to values that all lie high up', () => {
    const axis = of('ratio', 0.91, 0.96)
    expect(axis.position(0.91)).toBeLessThan(0.6)
    expect(axis.position(0.96) - axis.position(0.91)).toBeGreaterThan(0.2)
  })

  it('holds values without bound, and none at all', () => {
    expect(chartAxis({ unit: 'nanos' }, [{ value: { low: 1e9, high: Number.POSITIVE_INFINITY } }]).position(Number.POSITIVE_INFINITY)).toBe(1)
    expect(chartAxis({ unit: 'count' }, []).ticks.length).toBeGreaterThan(0)
  })
})

describe('the trade-off', () => {
  const of = ({ groups, factors }: Comparison) => tradeOffs(groups[0]!, factors, new Set(['cache-aside']))

  it('sets staleness against database reads, and against memory', () => {
    const [load, memory] = of(strategiesFixture())
    expect(load!.points.map(({ label, isBaseline }) => [label, isBaseline])).toEqual([
      ['cache-aside', true],
      ['write-through', false],
      ['TTL alone', false],
    ])
    expect(load!.points[1]!.y).toEqual({ value: 0.0041, words: '0.41 %', interval: { low: 0.0036, high: 0.0047 } })
    expect(load!.beyond).toEqual(['Without a cache, off to the right: database reads 1,000, 0 % stale.'])
    expect(memory!.x.title).toBe('Memory')
    expect(load!.lines).toEqual([])
  })

  it('leads a line through the values of a varied setting, by size', () => {
    const sweep = sweepFixture()
    const [group] = sweep.groups
    const shuffled = { ...sweep, groups: [{ ...group!, alternatives: [2, 0, 3, 1].map((index) => group!.alternatives[index]!) }] }
    const [load] = of(shuffled)
    expect(load!.lines).toHaveLength(1)
    expect(load!.lines[0]!.points.map((index) => load!.points[index]!.label)).toEqual(['1 s', '10 s', '60 s', '10 min'])
  })

  it('is not drawn of one alternative, or without staleness', () => {
    expect(of(comparisonFixture([groupFixture([strategiesFixture().groups[0]!.alternatives[1]!])]))).toEqual([])
    expect(of(killFixture())).toEqual([])
  })
})

it.each([
  ['500 ms', 5e8],
  ['10s', 1e10],
  ['10 min', 6e11],
  ['2,000', 2000],
  ['0.1', 0.1],
  ['4 kB', 4000],
  ['zipf', undefined],
  ['', undefined],
])('the size of %s is %s', (level, size) => {
  expect(levelSize(level)).toBe(size)
})
