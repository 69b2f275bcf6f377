import { afterEach, describe, expect, test } from 'vitest'
import { Claims, ClaimsFile } from './claims.ts'

let file: ClaimsFile
afterEach(() => file.close())

describe('claims', () => {
  test('whatever was begun lies below what is read, and no further below than was claimed ahead', () => {
    file = new ClaimsFile()
    expect(file.read()).toBe(0)
    const claims = new Claims(file.handle, 6)
    for (let index = 1; index < 40; index += 3) {
      claims.claim(index)
      expect(file.read()).toBeGreaterThan(index)
      expect(file.read()).toBeLessThanOrEqual(index + 6)
    }
  })

  test('an operation that comes after later ones takes nothing back', () => {
    file = new ClaimsFile()
    const claims = new Claims(file.handle, 1)
    claims.claim(7)
    claims.claim(3)
    expect(file.read()).toBe(8)
  })
})
