import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { escapeMarkdown, markdownCode } from './escape-markdown.ts'

describe('text in Markdown', () => {
  it.each([
    ['- item', '\\- item'],
    ['+ item', '\\+ item'],
    ['=== rule', '\\=== rule'],
    ['a - b + c = d', 'a - b + c = d'],
    ['1. first', '1\\. first'],
    ['23) third', '23\\) third'],
    ['a 1. b', 'a 1. b'],
    ['version 1.2', 'version 1.2'],
    ['\\ ` * _ { } [ ] # | ~', '\\\\ \\` \\* \\_ \\{ \\} \\[ \\] \\# \\| \\~'],
    ['**bold** __x__', '\\*\\*bold\\*\\* \\_\\_x\\_\\_'],
    ['<b>&amp;', '&lt;b&gt;&amp;amp;'],
    ['<<a>> && b', '&lt;&lt;a&gt;&gt; &amp;&amp; b'],
    ['two\nlines\t and\r\n  blanks', 'two lines and blanks'],
    ['@team and @you', '&#64;team and &#64;you'],
    ['see http://a and https://b', 'see http&#58;//a and https&#58;//b'],
    ['www.example.test WWW.x', 'www&#46;example.test WWW&#46;x'],
    ['\u202e\u0007', '\\\\u\\{202e\\}\\\\x07'],
  ])('%j', (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped)
  })

  const text = fc.string({ unit: fc.constantFrom(...'\\`*_{}[]#|~<>&@-+=1.)', ' ', '\n', 'a') })

  property.prop([text], { seed: 20261127, numRuns: 300 })('reads as the text that was given, and means nothing', (given) => {
    const escaped = escapeMarkdown(given)
    // Every character that could mean something stands behind a backslash.
    expect(escaped.replace(/\\./g, '').replace(/&(amp|lt|gt|#64|#58|#46);/g, '')).not.toMatch(/[\\`*_{}[\]|~<>&@#\n]/)
    const read = escaped
      .replace(/\\(.)/g, '$1')
      .replace(/&(lt|gt|#64);/g, (_, name: string) => ({ lt: '<', gt: '>', '#64': '@' })[name]!)
      .replace(/&amp;/g, '&')
    expect(read).toBe(given.replace(/\s+/g, ' '))
  })
})

describe('text as code in Markdown', () => {
  it.each([
    ['get a', '`get a`'],
    ['', '``'],
    ['a|b||c', '`a\\|b\\|\\|c`'],
    ['get `a', '`` get `a ``'],
    ['get `a``b`', '``` get `a``b` ```'],
    ['two\nlines\t x', '`two lines x`'],
    ['\u0007', '`\\x07`'],
    ['*_<b>@x', '`*_<b>@x`'],
  ])('%j', (text, code) => {
    expect(markdownCode(text)).toBe(code)
  })

  property.prop([fc.string({ unit: fc.constantFrom('`', 'a', ' ') })], { seed: 20261127, numRuns: 300 })('ends where it was meant to', (given) => {
    const code = markdownCode(given)
    const fence = /^`+/.exec(code)![0]
    const inner = code.slice(fence.length, -fence.length)
    expect(code.endsWith(fence)).toBe(true)
    expect([...inner.matchAll(/`+/g)].every(([run]) => run.length < fence.length)).toBe(true)
  })
})
