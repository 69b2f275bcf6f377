import { describe, expect, it } from 'vitest'
import { reportFixture } from '../../../test/support/report-fixture.ts'
import { escapeMarkdown, markdownCode } from '../text/escape-markdown.ts'
import { renderMarkdown } from './render-markdown.ts'

describe('the Markdown of a run', () => {
  it('is the one that was looked at', async () => {
    await expect(renderMarkdown(reportFixture({ fault: true }))).toMatchFileSnapshot('../../../test/golden/report.md')
  })

  it('lets a hostile name do nothing', () => {
    const name = '|<script>alert(1)</script>\n\n# heading [x](https://example.test) @team ![i](x) `code'
    const text = renderMarkdown(reportFixture({ name, workloads: [name], targets: [name], outsideText: name }))
    expect(withoutCode(text)).not.toMatch(/<script|https:\/\/|@team|^# heading|[^\\]\[x|!\[/m)
    const lines = text.split('\n')
    const first = lines.findIndex((line) => line.startsWith('| workload'))
    const bars = (line: string) => line.replace(/\\\|/g, '').split('|').length
    for (const line of lines.slice(first, lines.indexOf('', first))) expect(bars(line)).toBe(bars(lines[first]!))
  })

  it('says something of a run without a cell', () => {
    const run = reportFixture()
    expect(renderMarkdown({ ...run, cells: [], verdicts: [] })).toContain('No cell was measured.')
  })
})

describe('text in Markdown', () => {
  it.each([
    ['- item', '\\- item'],
    ['1. first', '1\\. first'],
    ['a*b_c', 'a\\*b\\_c'],
    ['<b>&amp;', '&lt;b&gt;&amp;amp;'],
    ['two\nlines', 'two lines'],
  ])('%j', (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped)
  })

  it('stands between enough backticks', () => {
    expect(markdownCode('get `a``b`')).toBe('``` get `a``b` ```')
    expect(markdownCode('a|b')).toBe('`a\\|b`')
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
