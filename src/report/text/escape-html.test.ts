import { fc, test as property } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { escapeHtml } from './escape-html.ts'

it.each([
  ['<b>', '&lt;b&gt;'],
  ['a & b && c', 'a &amp; b &amp;&amp; c'],
  ['&lt;', '&amp;lt;'],
  ['"quoted"', '&quot;quoted&quot;'],
  ["it's", 'it&#39;s'],
  ['\u202e\u0000', '\\u{202e}\\x00'],
  ['plain text\nof two lines', 'plain text\nof two lines'],
])('%j', (text, escaped) => {
  expect(escapeHtml(text)).toBe(escaped)
})

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" }
const text = fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", ';', '#', 'a', ' ', 'é') })

property.prop([text], { seed: 20261127, numRuns: 300 })('a browser reads it as the text that was given', (given) => {
  const escaped = escapeHtml(given)
  expect(escaped).not.toMatch(/[<>"']/)
  expect(escaped.replace(/&([^;]*);/g, (_, name: string) => NAMED[name]!)).toBe(given)
})
