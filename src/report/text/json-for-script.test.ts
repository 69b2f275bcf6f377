import { fc, test as property } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { jsonForScript } from './json-for-script.ts'

const dangerous = fc.constantFrom('</script>', '<!--', '<script', ']]>', '&lt;', '\u2028', '\u2029', '-->', '\\', '"')
const text = fc.array(fc.oneof(fc.string(), dangerous), { maxLength: 6 }).map((parts) => parts.join(''))
const value = fc.oneof(text, fc.array(text), fc.dictionary(text, text))

property.prop([value], { seed: 20261127, numRuns: 300 })('says the same as JSON, with nothing in it that HTML or JavaScript would read', (given) => {
  const json = jsonForScript(given)
  expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(given)))
  expect(json).not.toMatch(/[<>&\u2028\u2029]/)
})

it('writes what it hides as JSON does', () => {
  expect(jsonForScript({ '</script>': '&\u2028\u2029' })).toBe('{"\\u003c/script\\u003e":"\\u0026\\u2028\\u2029"}')
})
