import { describe, expect, it } from 'vitest'
import { joinedComparison, killFixture, strategiesFixture } from '../../../test/support/comparison-fixture.ts'
import { reportFixture } from '../../../test/support/report-fixture.ts'
import { renderMarkdown } from './render-markdown.ts'

describe('the Markdown of a run', () => {
  it('is the one that was looked at', async () => {
    const answered = joinedComparison(strategiesFixture(), killFixture())
    await expect(renderMarkdown(reportFixture({ fault: true }), answered)).toMatchFileSnapshot('../../../test/golden/report.md')
  })

  it('lets a hostile name do nothing', () => {
    const name = '|<script>alert(1)</script>\n\n# heading [x](https://example.test) @team ![i](x) `code'
    const text = renderMarkdown(reportFixture({ name, workloads: [name], targets: [name], outsideText: name }))
    expect(withoutCode(text)).not.toMatch(/<script|https:\/\/|@team|^# heading|[^\\]\[x|!\[/m)
    const lines = text.split('\n')
    const first = lines.findIndex((line) => line.startsWith('|  | '))
    const bars = (line: string) => line.replace(/\\\|/g, '').split('|').length
    for (const line of lines.slice(first, lines.indexOf('', first))) expect(bars(line)).toBe(bars(lines[first]!))
  })

  it('says something of a run without a cell', () => {
    const run = reportFixture()
    expect(renderMarkdown({ ...run, cells: [], verdicts: [] })).toContain('Nothing was measured.')
  })
})

/** Without code spans, in which nothing means anything: between runs of as many backticks (CommonMark 6.1). */
function withoutCode(markdown: string): string {
  let text = ''
  for (let at = 0; at < markdown.length; at++) {
    if (markdown[at] === '\\') {
      text += markdown.slice(at, ++at + 1)
      continue
    }
    const fence = /^`+/.exec(markdown.slice(at))?.[0]
    const closing = fence && new RegExp(`[^\`]${fence}(?!\`)`).exec(markdown.slice(at + fence.length))
    if (fence && closing) at += fence.length + closing.index + fence.length
    else text += markdown[at]
  }
  return text
}
