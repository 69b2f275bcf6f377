import { describe, expect, it } from 'vitest'
import { joinedComparison, killFixture, strategiesFixture } from '../../../test/support/comparison-fixture.ts'
import { reportFixture } from '../../../test/support/report-fixture.ts'
import { terminalReport } from './terminal-report.ts'
import { textTable } from './text-table.ts'
import { wrapText } from './wrap-text.ts'

const run = reportFixture({ fault: true })

describe('the end of a run at a terminal', () => {
  it('is the one that was looked at', async () => {
    const comparison = joinedComparison(strategiesFixture(), killFixture())
    const text = terminalReport(run, { colour: false, columns: 120, reportPath: 'reports/fixture/index.html', comparison })
    await expect(text).toMatchFileSnapshot('../../../test/golden/terminal.txt')
  })

  it('says the same with colours', () => {
    const plain = terminalReport(run, { colour: false, columns: 120 })
    const coloured = terminalReport(run, { colour: true, columns: 120 })
    expect(coloured).not.toBe(plain)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is taken away
    expect(coloured.replace(/\x1b\[\d+m/g, '')).toBe(plain)
  })

  it.each([40, 60, 80, 200])('keeps its table within %d columns and says what that leaves out', (columns) => {
    const text = terminalReport(run, { colour: false, columns, comparison: strategiesFixture() })
    const lines = text.split('\n')
    const from = lines.findIndex((line) => /^\s+read p50/.test(line))
    const table = lines.slice(from, from + 4)
    expect(table.at(-1)).not.toBe('')
    expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(columns)
    expect(/for want of width/.test(text)).toBe(columns < 150)
  })

  it('shows escape sequences of others instead of obeying them', () => {
    const text = terminalReport(reportFixture({ outsideText: '\x1b[2J\x07\r', targets: ['\x1b]0;title\x07'] }), { colour: false, columns: 120 })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that they are gone is the point
    expect(/[\x00-\x09\x0b-\x1f]/.test(text)).toBe(false)
    expect(text).toContain('\\x1b[2J')
  })

  it('marks what the generator limited and tells what does not apply', () => {
    const odd = reportFixture({ workloads: ['session-store'], targets: ['a', 'b'] })
    odd.cells[0]!.audit = { ...odd.cells[0]!.audit, generatorLimited: true, reasons: ['slow'] }
    odd.cells[1]!.notApplicable = 'b lacks sorted sets'
    const text = terminalReport(odd, { colour: false, columns: 120 })
    expect(text).toMatch(/^a: the load generator was the bottleneck: slow$/m)
    expect(text).toMatch(/^ {2}b {2,}not applicable: b lacks sorted sets$/m)
  })

  it('says something of a run without a cell', () => {
    expect(terminalReport({ ...run, cells: [], verdicts: [] }, { colour: false, columns: 80 })).toContain('Nothing was measured.')
  })
})

describe('a table of text', () => {
  it('drops columns from the right, never the label', () => {
    const { lines, leftOut } = textTable(['one', 'two', 'three'], [{ label: 'label', values: ['1', '22', '333'] }], 18)
    expect(lines).toEqual(['       one  two', 'label    1   22'])
    expect(leftOut).toEqual(['three'])
    expect(lines.every((line) => line.length <= 18)).toBe(true)
  })

  it('wraps at blanks and leaves a long word whole', () => {
    expect(wrapText('aaa bbb ccc', 8, ' ')).toBe(' aaa bbb\n ccc')
    expect(wrapText('a verylongword b', 6, '')).toBe('a\nverylongword\nb')
  })
})
