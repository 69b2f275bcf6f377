import { expect, it } from 'vitest'
import { printable } from './printable.ts'

it.each([
  ['\u001b]0;title\u0007', '\\x1b]0;title\\x07'],
  ['a\rb\tc\0', 'a\\x0db\\x09c\\x00'],
  ['\u007f\u009b2J', '\\x7f\\x9b2J'],
  ['\u00ad', '\\xad'],
  ['\u202eevil\u2066', '\\u{202e}evil\\u{2066}'],
  ['\u200b\ufeff', '\\u{200b}\\u{feff}'],
  ['\u2028\u2029', '\\u{2028}\\u{2029}'],
  ['\u{e0041}', '\\u{e0041}'],
  ['\u0600', '\\u{600}'],
])('%j is shown and not obeyed', (text, shown) => {
  expect(printable(text)).toBe(shown)
})

it.each(['', 'two\nlines', 'Grüße, 日本 🎉', ' \u00a0<&>"\'`|\\'])('%j stays as it is', (text) => {
  expect(printable(text)).toBe(text)
})

it('knows every control character', () => {
  for (let code = 0; code < 0xa0; code++) {
    const character = String.fromCharCode(code)
    const isControl = code !== 10 && (code < 0x20 || code >= 0x7f)
    expect(printable(character)).toBe(isControl ? `\\x${code.toString(16).padStart(2, '0')}` : character)
  }
})
