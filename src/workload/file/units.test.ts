import { describe, expect, it } from 'vitest'
import { parseCount, parseDuration, parseRate, parseRatio, parseSize, type Quantity } from './units.ts'

function value(quantity: Quantity): number {
  if (!quantity.ok) throw new Error(`refused: ${JSON.stringify(quantity.problem)}`)
  return quantity.value
}

function problem(quantity: Quantity) {
  if (quantity.ok) throw new Error(`taken as ${quantity.value}`)
  return quantity.problem
}

describe('durations', () => {
  it.each([
    ['1ns', 1],
    ['1.5us', 1_500],
    ['3µs', 3_000],
    ['3μs', 3_000],
    ['250ms', 250_000_000],
    ['30 s', 30e9],
    ['1m', 60e9],
    ['1h30m', 5_400e9],
    ['1h 30m 5s', 5_405e9],
    ['2d', 172_800e9],
    ['0', 0],
    [0, 0],
    ['1_000ms', 1e9],
  ])('%s', (text, nanos) => expect(value(parseDuration(text))).toBe(nanos))

  it.each([
    ['30', { reason: 'a duration needs a unit', meant: '30s or 30ms' }],
    [30, { reason: 'a duration needs a unit', meant: '30s or 30ms' }],
    ['10 seconds', { meant: '10s' }],
    ['10S', { meant: '10s' }],
    ['10 parsecs', { reason: 'no unit is called "parsecs"' }],
    ['-5s', { reason: 'it can not be negative' }],
    ['105d', { reason: 'longer than 104 days' }],
    ['3constructor', { reason: 'no unit is called "constructor"' }],
  ])('refuses %s', (text, expected) => expect(problem(parseDuration(text))).toMatchObject(expected))

  it.each(['', 'fast', 's', '1..5s', '1.s', [], {}, null, true, Number.NaN, '9'.repeat(50)])('refuses %j', (given) => {
    expect(problem(parseDuration(given)).expected).toContain('a duration')
  })
})

describe('sizes', () => {
  it.each([
    ['400B', 400],
    ['4KB', 4_000],
    ['4kb', 4_000],
    ['4KiB', 4_096],
    ['1.5 MiB', 1_572_864],
    ['2GB', 2e9],
    ['1GiB', 1_073_741_824],
  ])('%s', (text, bytes) => expect(value(parseSize(text))).toBe(bytes))

  it('asks which K was meant', () => expect(problem(parseSize('4K'))).toMatchObject({ meant: '4KB or 4KiB' }))
  it('needs a unit', () => expect(problem(parseSize(400))).toMatchObject({ meant: '400B' }))
  it('names the nearest unit', () => expect(problem(parseSize('3KBi'))).toMatchObject({ meant: '3KiB' }))
})

describe('rates', () => {
  it.each([
    ['5000/s', 5_000],
    ['20k/s', 20_000],
    ['1.5M/min', 25_000],
    ['36/h', 0.01],
    ['20 k / s', 20_000],
  ])('%s', (text, perSecond) => expect(value(parseRate(text))).toBe(perSecond))

  it('takes a bare number where that means per second', () => {
    expect(value(parseRate('20k', true))).toBe(20_000)
    expect(problem(parseRate('20k'))).toMatchObject({ meant: '20k/s' })
  })
  it('names the nearest period', () => expect(problem(parseRate('5/mni'))).toMatchObject({ meant: '5/min' }))
})

describe('ratios', () => {
  it.each([
    ['10%', 0.1],
    ['0.9', 0.9],
    ['7 %', 0.07],
    ['0.5%', 0.005],
    [1, 1],
    [0.25, 0.25],
    [1e-7, 1e-7],
  ])('%s', (text, ratio) => expect(value(parseRatio(text))).toBe(ratio))

  it('asks whether a percentage was meant', () => expect(problem(parseRatio(90))).toMatchObject({ meant: '90%' }))
})

describe('counts', () => {
  it.each([
    ['20k', 20_000],
    ['1.1k', 1_100],
    ['100_000', 100_000],
    [100_000, 100_000],
    ['1.5M', 1_500_000],
  ])('%s', (text, count) => expect(value(parseCount(text))).toBe(count))

  it('refuses fractions', () => expect(problem(parseCount('1.5'))).toMatchObject({ reason: 'not a whole number' }))
})
