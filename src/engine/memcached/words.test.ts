import { expect, test } from 'vitest'
import { bytesOf } from './words.ts'

test('a word is its bytes in UTF-8, and bytes are themselves', () => {
  for (const word of ['', 'row:17', '\0\x7f', 'kéy', 'ключ 🔑', `${'a'.repeat(200)}ÿ`]) expect(bytesOf(word)).toEqual(new TextEncoder().encode(word))
  const bytes = Uint8Array.of(0xff, 0)
  expect(bytesOf(bytes)).toBe(bytes)
})
