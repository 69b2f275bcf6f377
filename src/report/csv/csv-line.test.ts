import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { csvLine } from './csv-line.ts'

describe('one line of CSV', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['+cmd', "'+cmd"],
    ['-2', "'-2"],
    ['a=b+c-d@e', 'a=b+c-d@e'],
    ['a,b', '"a,b"'],
    ['=a,b', '"\'=a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['two\rlines', '"two\rlines"'],
    ['\ttab', "'\ttab"],
    ['a\tb', 'a\tb'],
    ['\rreturn', '"\'\rreturn"'],
    ['\u001b]0;title\u0007\u009b2J\u0000\u007f\u000b', '\ufffd]0;title\ufffd\ufffd2J\ufffd\ufffd\ufffd'],
    ['\u0001=1+1', '\ufffd=1+1'],
    ['\u0008\u000e\u001f\u0080\u009f\u00a0\u0020', '\ufffd\ufffd\ufffd\ufffd\ufffd\u00a0 '],
    ['', ''],
  ])('keeps %j from being more than text', (text, field) => {
    expect(csvLine([text])).toBe(field)
    expect(csvLine([text, text])).toBe(`${field},${field}`)
  })

  it('writes numbers as they are, and nothing for what is not one', () => {
    expect(csvLine([-1.5, Number.NaN, Number.POSITIVE_INFINITY, null, undefined, 0])).toBe('-1.5,,,,,0')
    expect(csvLine([])).toBe('')
  })

  const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', '\t', '=', '-', '\u0007', ' ') })

  property.prop([fc.array(text, { minLength: 1, maxLength: 5 })], { seed: 20261127, numRuns: 300 })(
    'is read as as many fields as were given',
    (fields) => {
      const read = fieldsOf(csvLine(fields))
      expect(read).toEqual(fields.map((field) => (/^[=\-\t\r]/.test(field) ? `'${field}` : field).replaceAll('\u0007', '\ufffd')))
    },
  )
})

/** By the grammar of RFC 4180; throws at a line end that no quotes hold. */
function fieldsOf(line: string): string[] {
  const fields: string[] = []
  let field = ''
  let quoted = false
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!
    if (quoted && character === '"' && line[at + 1] === '"') field += line[++at]
    else if (character === '"') quoted = !quoted
    else if (quoted) field += character
    else if (character === ',') {
      fields.push(field)
      field = ''
    } else if (/[\r\n]/.test(character)) throw new Error(`a line ends in ${JSON.stringify(line)}`)
    else field += character
  }
  return [...fields, field]
}
