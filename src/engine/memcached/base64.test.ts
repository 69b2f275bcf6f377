import { describe, expect, it } from 'vitest'
import { base64Decode, base64Encode } from './base64.ts'

const decode = (text: string) => {
  const bytes = base64Decode(Buffer.from(text, 'latin1'))
  return bytes && Buffer.from(bytes).toString('latin1')
}

describe('base64 of meta keys', () => {
  it('goes there and back for every length', () => {
    for (let length = 1; length <= 64; length++) {
      const bytes = Buffer.from(Array.from({ length }, (_, i) => (i * 89 + length) & 255))
      const text = base64Encode(bytes)
      expect(text).toBe(bytes.toString('base64'))
      expect(decode(text)).toBe(bytes.toString('latin1'))
    }
  })

  it.each([
    ['a2I=', 'kb'],
    ['a2I', undefined],
    ['', undefined],
    ['====', undefined],
    ['!!!!', undefined],
    // Bytes outside the alphabet are passed over, what stands behind the padding is not read.
    ['a:2:I:=', 'kb'],
    ['a2I=a2I=', 'kb'],
  ])('decodes %j to %j', (text, expected) => {
    expect(decode(text)).toBe(expected)
  })
})
