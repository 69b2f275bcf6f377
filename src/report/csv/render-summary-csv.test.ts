import { describe, expect, it } from 'vitest'
import { reportFixture } from '../../../test/support/report-fixture.ts'
import { csvLine } from './csv-line.ts'
import { renderSummaryCsv } from './render-summary-csv.ts'

describe('the figures as CSV', () => {
  it('has a line a row with as many fields as columns', () => {
    const run = reportFixture()
    const lines = renderSummaryCsv(run).trimEnd().split('\r\n')
    expect(lines).toHaveLength(1 + run.cells.length)
    const fields = lines.map((line) => line.split(',').length)
    expect(new Set(fields).size).toBe(1)
    const header = lines[0]!.split(',')
    const row = lines[2]!.split(',')
    expect(row[header.indexOf('hit_ratio')]).toBe(String(9000 / 10200))
    expect(row[header.indexOf('target')]).toBe('local:memcached')
  })

  it.each([
    ['=1+1', "'=1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['+cmd', "'+cmd"],
    ['-2', "'-2"],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['\ttab', "'\ttab"],
    ['\rreturn', '"\'\rreturn"'],
    ['\u001b]0;title\u0007\u009b2J\u0000\u007f\u000b', '\ufffd]0;title\ufffd\ufffd2J\ufffd\ufffd\ufffd'],
    ['\u0001=1+1', '\ufffd=1+1'],
  ])('keeps %j from being more than text', (text, field) => {
    expect(csvLine([text])).toBe(field)
  })

  it('writes numbers as they are, and nothing for what is not one', () => {
    expect(csvLine([-1.5, Number.NaN, Number.POSITIVE_INFINITY, null, undefined])).toBe('-1.5,,,,')
  })
})
