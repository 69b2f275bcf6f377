import { describe, expect, it } from 'vitest'
import { METRICS, metricNames, resolveMetric } from '../../measure/metrics/catalogue.ts'
import { meets, parseExpectation } from './expectation.ts'

const CLASSES = ['read hit', 'read miss', 'write', 'login']

describe('an expectation', () => {
  it.each([
    ['hit_ratio >= 0.9', { metric: 'hit_ratio', operator: '>=', value: 0.9 }],
    ['stale_ratio < 1%', { metric: 'stale_ratio', operator: '<', value: 0.01 }],
    ['lost_sessions == 0', { metric: 'lost_sessions', operator: '==', value: 0 }],
    ['errors<=10', { metric: 'errors', operator: '<=', value: 10 }],
    ['  rate  >  20k/s ', { text: 'rate  >  20k/s', metric: 'rate', operator: '>', value: 20_000 }],
    ['rate >= 20k', { value: 20_000 }],
    ['round_trips <= 1.5', { value: 1.5 }],
    ['read_unavailable < 2s', { value: 2e9 }],
    ['read.p99 <= 5ms', { metric: 'read.p99', value: 5e6 }],
    ['read_hit.p99.9 <= 1ms', { metric: 'read_hit.p99.9', value: 1e6 }],
    ['login.max != 1s', { metric: 'login.max', operator: '!=', value: 1e9 }],
    ['write.mean < 1ms', { metric: 'write.mean' }],
    ['overall.errors == 0', { metric: 'overall.errors', value: 0 }],
    ['overall.read_hit.p99 <= 1ms', { metric: 'overall.read_hit.p99', value: 1e6 }],
  ])('%s', (text, expected) => {
    const parsed = parseExpectation(text, CLASSES)
    expect(parsed.ok && parsed.expectation).toMatchObject(expected)
  })

  it.each([
    ['', { message: 'this is no expectation', offset: 0 }],
    ['hit_ratio', { message: 'this is no expectation' }],
    ['hit_ratio >= ', { message: 'this is no expectation' }],
    ['0.9 <= hit_ratio', { message: 'this is no expectation' }],
    ['hit_rato >= 0.9', { message: 'no metric is called "hit_rato"', meant: 'hit_ratio', offset: 0, length: 8 }],
    ['p99 <= 5ms', { message: 'no metric is called "p99"' }],
    ['logn.p99 <= 5ms', { meant: 'login.p99' }],
    ['read.p95 <= 5ms', { meant: 'read.p90' }],
    ['hit_ratio => 0.9', { message: '"=>" is no operator', meant: '>=', offset: 10, length: 2 }],
    ['hit_ratio >= 90', { offset: 13, length: 2, meant: '90%' }],
    ['lost_sessions == none', { offset: 17, length: 4 }],
    ['overal.errors == 0', { message: 'no metric is called "overal.errors"' }],
    ['overall.erors == 0', { meant: 'overall.errors' }],
    ['errors == 0.5', { message: 'errors is compared with "0.5": not a whole number' }],
    ['read.p99 <= 5', { meant: '5s or 5ms' }],
    ['round_trips < many', { expected: 'a number, such as 1.5' }],
    ['hit_ratio >= 0.9 and errors == 0', { offset: 13 }],
  ])('"%s" is refused', (text, expected) => {
    const parsed = parseExpectation(text, CLASSES)
    expect(parsed.ok ? undefined : parsed.problem).toMatchObject(expected)
  })

  it('is no essay', () =>
    expect(parseExpectation('x'.repeat(10_000), CLASSES)).toMatchObject({ problem: { message: 'this is no expectation', length: 200 } }))

  it.each([
    ['<', [true, false, false]],
    ['<=', [true, true, false]],
    ['==', [false, true, false]],
    ['!=', [true, false, true]],
    ['>=', [false, true, true]],
    ['>', [false, false, true]],
  ] as const)('x %s 5 for x = 4, 5, 6', (operator, expected) => {
    expect([4, 5, 6].map((measured) => meets({ operator, value: 5 }, measured))).toEqual(expected)
  })

  it('a measure that is missing meets nothing', () => {
    for (const operator of ['<', '<=', '==', '>=', '>'] as const) expect(meets({ operator, value: 5 }, Number.NaN)).toBe(false)
  })
})

describe('metric names', () => {
  it('all resolve, and none of a class that the pattern does not have', () => {
    for (const name of metricNames(CLASSES)) expect(resolveMetric(name, CLASSES), name).toBeDefined()
    expect(resolveMetric('login.p99', ['read hit'])).toBeUndefined()
    expect(resolveMetric('constructor', CLASSES)).toBeUndefined()
  })

  it('are each one thing', () => expect(new Set(METRICS.map((metric) => metric.name)).size).toBe(METRICS.length))

  it.each([
    ['lost_increments', /^Acknowledged increments/],
    ['duplicated_increments', /^Increments/],
    ['lost_sessions', /^Acknowledged logins/],
    ['lost_updates', /^Acknowledged updates/],
    ['resurrected_sessions', /^Acknowledged logouts/],
    ['stale_reads', /^Reads/],
  ])('of %s says what check/ counts', (name, unit) => expect(METRICS.find((metric) => metric.name === name)?.summary).toMatch(unit))
})
