import { describe, expect, it } from 'vitest'
import { reportFixture } from '../../../test/support/report-fixture.ts'
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
})
