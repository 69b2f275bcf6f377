import { describe, expect, it } from 'vitest'
import { reportFixture } from '../../../test/support/report-fixture.ts'
import type { Cell, WarmUp } from '../../measure/run-result.ts'
import { renderHtml } from '../html/render-html.ts'
import { renderMarkdown } from '../markdown/render-markdown.ts'
import { terminalReport } from '../terminal/terminal-report.ts'
import { lampOf } from './lamp.ts'

const UNSETTLED: WarmUp = { kind: 'auto', nanos: 1, endedBecause: 'cap', filledEntries: 0, indicators: [] }

describe('the lamp', () => {
  const run = reportFixture()
  const withAll = (change: (cell: Cell, index: number) => Partial<Cell>) => ({
    ...run,
    cells: run.cells.map((cell, index) => ({ ...cell, ...change(cell, index) })),
  })
  const limited = (cell: Cell, reason: string) => ({ audit: { ...cell.audit, generatorLimited: true, reasons: [reason] } })
  /** So many of its calls to the cache fail so, where it makes any. */
  const refusing = (cell: Cell, share: number, settings: Cell['settings'] = {}) => ({
    settings,
    classes: cell.classes.map((one) => {
      const fail = one.layer === 'cache' ? Math.ceil(one.ok * share) : 0
      return { ...one, ok: one.ok - fail, fail, errors: fail > 0 ? { OOM: fail } : {} }
    }),
  })

  it('is green when nothing is wrong with how it was measured', () => {
    expect(lampOf(run)).toEqual({ colour: 'green', words: 'Measured soundly', reason: '', details: [] })
  })

  it.each([
    ['a run that was interrupted', { ...run, status: 'interrupted' as const }, 'amber', /^the run was interrupted$/],
    ['nothing at all', { ...run, cells: [] }, 'red', /^nothing was measured$/],
    [
      'a run that died before its first measured operation',
      { ...withAll(() => ({ measuredNanos: 0 })), status: 'recovered' as const },
      'red',
      /^nothing was measured before the run died; the run died$/,
    ],
    ['cells without an operation', withAll(() => ({ classes: [] })), 'red', /^nothing was measured/],
    [
      'a generator that was the bottleneck here',
      withAll((cell, index) => (index === 0 ? limited(cell, 'too slow') : {})),
      'amber',
      /^the load generator was the bottleneck in 1 of \d+ measurements \(too slow\)$/,
    ],
    [
      'a generator that was the bottleneck everywhere',
      withAll((cell) => limited(cell, 'too slow')),
      'red',
      /^the load generator was the bottleneck \(too slow\)$/,
    ],
    [
      'a cache that refused',
      withAll((cell, index) => (index < 2 ? refusing(cell, 0.01) : {})),
      'amber',
      /^the cache failed without a fault that was planned \(OOM [\d,]+ of [\d,]+ calls in 1 of \d+ measurements\)$/,
    ],
    ['a cache that answered nothing', withAll((cell) => refusing(cell, 1)), 'red', /^the cache answered no call \(OOM [\d,]+ of [\d,]+ calls\)$/],
    [
      'a cache that answered nothing in some cells',
      withAll((cell) => refusing(cell, cell.target.label === 'local:redis' ? 1 : 0.01)),
      'amber',
      /^the cache failed without/,
    ],
    [
      'a cell that ended early',
      withAll((_, index) => (index === 0 ? { endedEarly: 'the server went away' } : {})),
      'amber',
      /^1 measurement ended early \(the server went away\)$/,
    ],
    [
      'a torn history',
      withAll((cell, index) => (index === 0 ? { history: { ...cell.history, tornSegments: 1 } } : {})),
      'amber',
      /^1 history could not be read back in full$/,
    ],
    [
      'a load that had not settled',
      withAll((_, index) => (index === 0 ? { warmUp: UNSETTLED } : {})),
      'amber',
      /^not in a steady state when it was measured$/,
    ],
  ])('%s', (_, odd, colour, reason) => {
    const lamp = lampOf(odd)
    expect(lamp.colour).toBe(colour)
    expect(lamp.reason).toMatch(reason)
  })

  it('minds no refusals where faults were planned', () => {
    expect(lampOf(withAll((cell) => refusing(cell, 0.5, { faults: [{}] }))).colour).toBe('green')
  })

  it('is red where one of its reasons is, and names them all in its line', () => {
    const lamp = lampOf({ ...withAll((cell) => ({ ...refusing(cell, 0.01), ...limited(cell, 'slow') })), status: 'interrupted' })
    expect(lamp.colour).toBe('red')
    expect(lamp.reason).toMatch(/^the cache failed .*; the run was interrupted; the load generator was the bottleneck \(slow\)$/)
    expect(lamp.details).toEqual([expect.stringMatching(/^Latencies and rates of .* and \d+ more measurements are partly the generator's own/)])
  })

  it('says how much is missing', () => {
    const died = withAll((_, index) => (index === 0 ? { measuredNanos: 6e9, missing: { nanos: 54e9, operations: 16_200 } } : { measuredNanos: 0 }))
    const missingCells = [{ id: 'x', nanos: 60e9, operations: 18_000 }]
    expect(lampOf({ ...died, status: 'recovered', missingCells }).reason).toBe(
      'the run died, missing: 95 % of what was to be measured (114 s, 34,200 operations, 1 measurement that never ran)',
    )
    const closed = [{ id: 'x', nanos: 60e9, operations: null }]
    expect(lampOf({ ...died, status: 'recovered', missingCells: closed }).reason).toContain(
      '(114 s, 16,200 operations and those of closed loops, 1 measurement',
    )
  })

  it('leads in all outputs, its reasons on its own line', () => {
    const odd = withAll((cell, index) => ({ ...refusing(cell, 0.01), ...(index === 0 && { ...limited(cell, 'slow'), endedEarly: 'so' }) }))
    const { reason, details } = lampOf(odd)
    // Behind the question, before the answer.
    const terminal = terminalReport(odd, { colour: false, columns: 1000 }).trim().split('\n')
    const line = terminal.indexOf(`● Trust with care: ${reason}.`)
    expect(line).toBe(2)
    expect(terminal[line + 1]!.trim()).toBe(details[0])
    expect(renderMarkdown(odd).split('\n')[4]).toMatch(
      /^🟡 \*\*Trust with care:\*\* the cache failed without.*OOM.*; 1 measurement ended early \(so\)\. Latencies/,
    )
    const page = renderHtml(odd)
    const lamp = /<p class="light open"><span class="lamp"[^>]*><\/span>(.*?)<\/p>/.exec(page)![1]!
    expect(lamp).toBe(`<b>Trust with care</b><b>:</b> <span class="lamp-reason">${reason}.</span>`)
    expect(page).toContain('<li>Latencies and rates of')
    expect(renderHtml(run)).toContain('<span class="lamp" aria-hidden="true"></span><b>Measured soundly</b>')
  })
})
