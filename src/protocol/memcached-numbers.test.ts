import { describe, expect, it } from 'vitest'
import { parseInt32, parseUint32, parseUint64 } from './memcached-numbers.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')

describe('memcached numbers', () => {
  it.each([
    ['0', 0n],
    ['18446744073709551615', 18446744073709551615n],
    ['18446744073709551616', undefined],
    ['99999999999999999999999999', undefined],
    ['+5', 5n],
    ['007', 7n],
    [' 5', 5n],
    ['\t\r\n5', 5n],
    ['5 6', 5n],
    ['5\t', 5n],
    ['5\0x', 5n],
    ['-0', 0n],
    ['-1', undefined],
    ['-18446744073709551615', 1n],
    ['-9223372036854775808', undefined],
    ['', undefined],
    ['-', undefined],
    ['abc', undefined],
    ['5x', undefined],
    ['0x10', undefined],
    ['1.5', undefined],
  ])('safe_strtoull of %j is %s', (text, expected) => {
    expect(parseUint64(bytes(text))).toBe(expected)
  })

  it.each([
    ['4294967295', 4294967295],
    ['4294967296', 0],
    ['18446744073709551615', 4294967295],
    ['1000000000000', 3567587328],
    ['-1', undefined],
    ['x', undefined],
  ])('safe_strtoul of %j is %s', (text, expected) => {
    expect(parseUint32(bytes(text))).toBe(expected)
  })

  it.each([
    ['2147483647', 2147483647],
    ['2147483648', -2147483648],
    ['-2147483649', 2147483647],
    ['4294967297', 1],
    ['99999999999', 1215752191],
    ['9223372036854775807', -1],
    ['9223372036854775808', undefined],
    ['-9223372036854775809', undefined],
    ['-1', -1],
    ['', undefined],
  ])('safe_strtol of %j is %s', (text, expected) => {
    expect(parseInt32(bytes(text))).toBe(expected)
  })

  it('reads from where it is told', () => {
    expect(parseInt32(bytes('T30'), 1)).toBe(30)
    expect(parseUint64(bytes('C18446744073709551615'), 1)).toBe(18446744073709551615n)
    expect(parseUint32(bytes('F'), 1)).toBeUndefined()
  })
})
