import { describe, expect, it } from 'vitest'
import { formatDouble } from './format-double.ts'
import { addInt64, parseInt64 } from './integer.ts'
import { addLongDouble, formatLongDouble, parseLongDouble } from './long-double.ts'
import { parseDouble } from './parse-double.ts'

const sum = (a: string, b: string) => formatLongDouble(addLongDouble(parseLongDouble(a)!, parseLongDouble(b)!)!)

describe('long double', () => {
  it.each([
    ['3.0e3', '0', '3000'],
    ['3000', '0.1', '3000.10000000000000009'],
    ['0.1', '0.2', '0.3'],
    ['10.50', '0.1', '10.6'],
    ['5.0e3', '2.0e2', '5200'],
    ['-1', '1', '0'],
    ['9223372036854775807', '1', '9223372036854775808'],
    ['0x10', '0x1p-1', '16.5'],
  ])('%s + %s = %s', (a, b, result) => {
    expect(sum(a, b)).toBe(result)
  })

  it('prints all digits of a large one', () => {
    const text = formatLongDouble(parseLongDouble('1e400')!)
    expect(text).toHaveLength(401)
    expect(text.startsWith('1')).toBe(true)
  })

  it.each(['', ' 1', '1 ', 'nan', '1e5000', '1e-5000', '.', 'e1', '0x', '1e'])('refuses %j', (text) => {
    expect(parseLongDouble(text)).toBeUndefined()
  })
})

describe('doubles', () => {
  it.each([
    [0.1, '0.10000000000000001', '0.1'],
    [1e17, '1e+17', '100000000000000000'],
    [1e20, '1e+20', '1e+20'],
    [1e-5, '1.0000000000000001e-05', '0.00001'],
    [1e-7, '9.9999999999999995e-08', '1e-7'],
    [-1.5, '-1.5', '-1.5'],
    [123456789012345680, '1.2345678901234568e+17', '123456789012345680'],
    [3.0000000000000004, '3.0000000000000004', '3.0000000000000004'],
    [Number.NEGATIVE_INFINITY, '-inf', '-inf'],
    [-0, '-0', '-0'],
    [1.7976931348623157e308, '1.7976931348623157e+308', '1.7976931348623157e+308'],
    [0.0001, '0.0001', '0.0001'],
    // valkey-server 8.0.1 prints a digit more than the shortest here
    [-5.028995823995785e96, '-5.0289958239957855e+96', '-5.0289958239957855e+96'],
    [5e-324, '4.9406564584124654e-324', '5e-324'],
    // a tie at the 17th digit goes to the even one
    [5513433694305.281, '5513433694305.2812', '5513433694305.281'],
    [0.3, '0.29999999999999999', '0.3'],
  ])('%d', (value, g17, shortest) => {
    expect(formatDouble(value, 'g17')).toBe(g17)
    expect(formatDouble(value, 'shortest')).toBe(shortest)
  })

  it.each([
    ['1e400', undefined],
    ['1e-400', undefined],
    ['0x10', 16],
    ['.5', 0.5],
    ['5.', 5],
    ['+inf', Number.POSITIVE_INFINITY],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['nan', undefined],
    [' 1', undefined],
    ['1x', undefined],
    ['', undefined],
  ])('reads %j as %s', (text, value) => {
    expect(parseDouble(text)).toBe(value)
  })
})

describe('int64', () => {
  it.each([' 1', '01', '+1', '-0', '1.5', '', '-', '9223372036854775808', '-9223372036854775809', '1 '])('refuses %j', (text) => {
    expect(parseInt64(text)).toBeUndefined()
  })
  it('keeps the edges', () => {
    expect(parseInt64('9223372036854775807')).toBe(9223372036854775807n)
    expect(parseInt64('-9223372036854775808')).toBe(-9223372036854775808n)
    expect(parseInt64('9007199254740991')).toBe(9007199254740991)
    expect(addInt64(9223372036854775807n, 1)).toBeUndefined()
    expect(addInt64(9007199254740991, 1)).toBe(9007199254740992n)
  })
})
