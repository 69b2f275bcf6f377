import { describe, expect, it } from 'vitest'
import { reportFixture } from '../../../test/support/report-fixture.ts'
import type { Series } from '../../measure/run-result.ts'
import type { Verdict } from '../../measure/verdict.ts'
import { badgeOf } from './badge.ts'
import { groupCells } from './cell-group.ts'
import { figureOf, headlineRow } from './headline.ts'
import { operationErrors } from './operation-errors.ts'
import { panelInWords } from './panel-words.ts'
import { axisNanos, timeBands } from './time-bands.ts'
import { timePanels } from './time-panels.ts'
import { groupVerdicts } from './verdict-group.ts'

const verdict = (fields: Partial<Verdict>): Verdict => ({
  kind: 'checker',
  id: 'x',
  sentence: 'x',
  outcome: 'holds',
  evidence: '',
  gates: true,
  ...fields,
})

describe('rows', () => {
  it('stand workload by workload, the baseline first, blocks together, in whatever order they ran', () => {
    const run = reportFixture({ blocks: 3, clients: ['wire', 'ioredis'] })
    const names = (cells: typeof run.cells) =>
      groupCells({ cells }).map(({ workload, groups }) => [workload, groups.map(({ label, cells }) => [label, cells.map(({ block }) => block)])])
    const [first] = names(run.cells)
    expect(first).toEqual([
      'cache-aside',
      [
        ['no cache (database)', [0, 1, 2]],
        ['local:memcached via ioredis', [0, 1, 2]],
        ['local:memcached via wire', [0, 1, 2]],
        ['local:redis via ioredis', [0, 1, 2]],
        ['local:redis via wire', [0, 1, 2]],
      ],
    ])
    const backwards = names([...run.cells].reverse())
    expect([...backwards].reverse()).toEqual(names(run.cells))
  })

  it('add up their blocks', () => {
    const run = reportFixture({ blocks: 2, workloads: ['cache-aside'], targets: ['local:redis'] })
    const group = groupCells(run)[0]!.groups[1]!
    const row = headlineRow(group)
    const figure = (name: string) => figureOf(row, name)
    expect(row.operations).toBe(2 * (9000 + 1200 + 1100))
    expect(figure('rate').low).toBeCloseTo((9000 + 1200 + 1100) / 12)
    expect(figure('hit_ratio').low).toBeCloseTo(9000 / 10200)
    expect(figure('stale_ratio').low).toBeCloseTo(46 / 10200)
    expect(figure('write.p99')).toMatchObject({ missing: expect.stringContaining('fewer than 100 values') })
  })
})

describe('the verdict on the whole', () => {
  it.each([
    [[], 'none'],
    [[verdict({})], 'holds'],
    [[verdict({}), verdict({ outcome: 'unknown' })], 'unknown'],
    [[verdict({ outcome: 'unknown' }), verdict({ outcome: 'fails' })], 'fails'],
    [[verdict({}), verdict({ outcome: 'fails', gates: false })], 'holds'],
    [[verdict({ kind: 'claim', outcome: 'fails', gates: false })], 'none'],
  ] as const)('%#', (verdicts, outcome) => {
    expect(badgeOf(verdicts).outcome).toBe(outcome)
    const died = badgeOf(verdicts, 'recovered')
    expect(died.outcome).toBe(outcome === 'fails' ? 'fails' : 'unknown')
    expect(died.words).toMatch(/^Recovered from a run that died: (?!everything expected holds)/)
  })

  it('puts failures that gate first and says the same thing of several cells once', () => {
    const groups = groupVerdicts([
      verdict({ id: 'a', cells: ['1'] }),
      verdict({ id: 'b', outcome: 'unknown' }),
      verdict({ id: 'c', outcome: 'fails', gates: false }),
      verdict({ id: 'a', cells: ['2'] }),
      verdict({ id: 'd', outcome: 'fails' }),
    ])
    expect(groups.map(({ id, verdicts }) => [id, verdicts.length])).toEqual([
      ['d', 1],
      ['c', 1],
      ['b', 1],
      ['a', 2],
    ])
  })
})

describe('plots over time', () => {
  const series: Series = {
    intervalNanos: 5e8,
    okReads: [10, 20, 30, 40, 50],
    okWrites: [0, 0, 0, 0, 0],
    failed: [0, 0, 5, 0, 0],
    unknown: [0, 0, 1, 0, 0],
    p50Nanos: [1e6, 2e6, null, null, 3e6],
    p99Nanos: [9e6, 8e6, null, null, 7e6],
    maxNanos: [9e6, 8e6, null, null, 7e6],
    hits: [5, 5, 0, 0, 9],
    misses: [5, 15, 0, 0, 1],
    databaseReads: [0, 0, 0, 0, 0],
    databaseWrites: [0, 0, 0, 0, 0],
    errors: { refused: [0, 0, 5, 0, 0], 'cache refused': [0, 0, 5, 0, 0] },
  }
  const valuesOf = (points: number, id: string) =>
    timePanels(series, points)
      .panels.find((panel) => panel.id === id)
      ?.lines.map(({ name, values }) => [name, values])

  it('are rates a second, ratios and latencies, with gaps where nothing completed', () => {
    expect(valuesOf(5, 'rate')).toEqual([
      ['reads', [20, 40, 60, 80, 100]],
      ['writes', [0, 0, 0, 0, 0]],
      ['failed or unknown', [0, 0, 12, 0, 0]],
    ])
    expect(valuesOf(5, 'latency')![0]).toEqual(['p50', [1e6, 2e6, null, null, 3e6]])
    expect(valuesOf(5, 'hits')).toEqual([['hit ratio', [0.5, 0.25, null, null, 0.9]]])
    expect(valuesOf(5, 'database')).toBeUndefined()
    expect(valuesOf(5, 'errors')).toEqual([['refused', [0, 0, 10, 0, 0]]])
  })

  it('keep the largest latency and the true rate where several intervals become one point', () => {
    const coarse = timePanels(series, 3)
    expect(coarse.pointNanos).toBe(1e9)
    expect(valuesOf(3, 'rate')![0]).toEqual(['reads', [30, 70, 100]])
    expect(valuesOf(3, 'latency')![1]).toEqual(['p99', [9e6, null, 7e6]])
    expect(valuesOf(3, 'hits')).toEqual([['hit ratio', [10 / 30, null, 0.9]]])
  })

  it('say in words what they show while the load lasted', () => {
    const [rate] = timePanels(series, 5).panels
    expect(panelInWords(rate!, 5e8, 2e9)).toBe(
      'reads 60/s, between 20/s (at 0 s) and 80/s (at 1.5 s); writes 0/s throughout; failed or unknown 0/s, between 0/s (at 0 s) and 12/s (at 1 s).',
    )
  })

  it('mark what completed when the load was over', () => {
    const cell = { ...reportFixture({ fault: true, workloads: ['session'] }).cells[0]!, series, durationNanos: 2e9 }
    expect(axisNanos(cell)).toBe(2.5e9)
    expect(timeBands(cell).map(({ kind }) => kind)).toEqual(['warm-up', 'fault', 'after-load'])
    const killed = {
      ...cell,
      events: [{ kind: 'fault', name: 'kill instance', detail: 'application instance 1; nobody is left', startNanos: 1 }],
    } as typeof cell
    expect(timeBands(killed)[0]!.name).toBe('kill application instance 1')
  })

  it('count the errors of operations, and those of the calls under them only where they stand alone', () => {
    expect(operationErrors({ refused: 3, 'cache refused': 3, 'database timeout': 1 })).toEqual({ refused: 3, 'database timeout': 1 })
  })
})
