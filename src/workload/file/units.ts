import { nearest } from '../../measure/nearest.ts'
import { MICROSECOND, MILLISECOND, SECOND } from '../../runtime/runtime.ts'

/** A quantity as parsed, in base units (nanoseconds, bytes, per second, ratio, count), or what was wrong with it. */
export type Quantity = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly problem: QuantityProblem }

export interface QuantityProblem {
  /** "a duration with a unit (ns, us, ms, s, m, h, d)" */
  readonly expected: string
  /** "250ms" */
  readonly example: string
  /** Why, when it is not simply of another shape: "a duration needs a unit". */
  readonly reason?: string
  /** What was probably meant: "10s". */
  readonly meant?: string
}

const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** In nanoseconds. `\u00b5` and `\u03bc` are the two code points that look like a micro sign. */
const DURATION_UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: MICROSECOND,
  '\u00b5s': MICROSECOND,
  '\u03bcs': MICROSECOND,
  ms: MILLISECOND,
  s: SECOND,
  m: MINUTE,
  min: MINUTE,
  h: HOUR,
  d: DAY,
}

/** In bytes: KB is 1000, KiB is 1024 (IEC 80000-13), whatever redis.conf makes of "kb". Without regard to case. */
const SIZE_UNITS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  kib: 1024,
  mb: 1e6,
  mib: 1024 ** 2,
  gb: 1e9,
  gib: 1024 ** 3,
}

const COUNT_UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9 }

/** In seconds. */
const RATE_PERIODS: Readonly<Record<string, number>> = {
  s: 1,
  sec: 1,
  second: 1,
  m: 60,
  min: 60,
  minute: 60,
  h: 3600,
  hour: 3600,
  d: 86_400,
  day: 86_400,
}

const NUMBER = '[0-9](?:[0-9_]*[0-9])?(?:\\.[0-9]+)?'
const NUMBER_AND_UNIT = new RegExp(`^(${NUMBER})\\s*([^0-9\\s._+-][^0-9\\s._+-]*)?$`, 'u')
const DURATION_PART = new RegExp(`(${NUMBER})\\s*([a-z\\u00b5\\u03bc]+)\\s*`, 'gu')
const DURATION_WHOLE = new RegExp(`^(?:${NUMBER}\\s*[a-z\\u00b5\\u03bc]+\\s*)+$`, 'u')

/** Longest text that is looked at; a quantity is a few characters. */
const LONGEST_TEXT = 40

/** "30s", "250ms", "1h30m", "0": integer nanoseconds. Fractions are rounded to the nanosecond. */
export function parseDuration(given: unknown): Quantity {
  const problem: QuantityProblem = { expected: 'a duration: a number with a unit (ns, us, ms, s, m, h, d)', example: '250ms, 30s or 1h30m' }
  const text = quantityText(given)
  if (text === undefined) return { ok: false, problem }
  if (text === '0') return { ok: true, value: 0 }
  if (DURATION_WHOLE.test(text)) {
    let nanos = 0
    for (const [, number, unit] of text.matchAll(DURATION_PART)) {
      const factor = own(DURATION_UNITS, unit!)
      if (factor === undefined) return { ok: false, problem: { ...problem, ...unknownUnit(number!, unit!, ['ns', 'us', 'ms', 's', 'm', 'h', 'd']) } }
      nanos += toNumber(number!) * factor
    }
    nanos = Math.round(nanos)
    if (!Number.isSafeInteger(nanos)) return { ok: false, problem: { ...problem, reason: 'longer than 104 days' } }
    return { ok: true, value: nanos }
  }
  const match = NUMBER_AND_UNIT.exec(text)
  if (!match) return { ok: false, problem: { ...problem, ...signed(text) } }
  const [, number, unit] = match
  if (unit === undefined) return { ok: false, problem: { ...problem, reason: 'a duration needs a unit', meant: `${number}s or ${number}ms` } }
  return { ok: false, problem: { ...problem, ...unknownUnit(number!, unit, ['ns', 'us', 'ms', 's', 'm', 'h', 'd']) } }
}

/** "400B", "4KB", "1.5 MiB": whole bytes. */
export function parseSize(given: unknown): Quantity {
  const problem: QuantityProblem = { expected: 'a size: a number with a unit (B, KB, KiB, MB, MiB, GB, GiB)', example: '400B or 4KiB' }
  const text = quantityText(given)
  if (text === undefined) return { ok: false, problem }
  if (text === '0') return { ok: true, value: 0 }
  const match = NUMBER_AND_UNIT.exec(text)
  if (!match) return { ok: false, problem: { ...problem, ...signed(text) } }
  const [, number, unit] = match
  if (unit === undefined) return { ok: false, problem: { ...problem, reason: 'a size needs a unit', meant: `${number}B` } }
  const factor = own(SIZE_UNITS, unit.toLowerCase())
  if (factor === undefined) {
    if (/^[kmg]$/i.test(unit)) {
      const big = unit.toUpperCase()
      return {
        ok: false,
        problem: { ...problem, reason: `the unit "${unit}" could be 1000 or 1024`, meant: `${number}${big}B or ${number}${big}iB` },
      }
    }
    return { ok: false, problem: { ...problem, ...unknownUnit(number!, unit, ['B', 'KB', 'KiB', 'MB', 'MiB', 'GB', 'GiB']) } }
  }
  const bytes = Math.round(toNumber(number!) * factor)
  if (!Number.isSafeInteger(bytes)) return { ok: false, problem: { ...problem, reason: 'too large' } }
  return { ok: true, value: bytes }
}

/** "5000/s", "20k/s", "1.5M/min": operations per second. A bare "20k" is per second only where `barePerSecond` says so. */
export function parseRate(given: unknown, barePerSecond = false): Quantity {
  const problem: QuantityProblem = { expected: 'a rate: a number, / and a period (s, min, h)', example: '5000/s, 20k/s or 1.5M/min' }
  const text = quantityText(given)
  if (text === undefined) return { ok: false, problem }
  const slash = text.indexOf('/')
  const amount = parseAmount(slash < 0 ? text : text.slice(0, slash).trimEnd())
  if (amount === undefined) return { ok: false, problem: { ...problem, ...signed(text) } }
  if (slash < 0) {
    if (barePerSecond) return { ok: true, value: amount }
    return { ok: false, problem: { ...problem, reason: 'a rate needs a period', meant: `${text}/s` } }
  }
  const period = text.slice(slash + 1).trimStart()
  const seconds = own(RATE_PERIODS, period)
  if (seconds === undefined) {
    const close = nearest(period, ['s', 'min', 'h'])
    return {
      ok: false,
      problem: { ...problem, reason: `no period is called "${period}"`, ...(close && { meant: `${text.slice(0, slash)}/${close}` }) },
    }
  }
  return { ok: true, value: amount / seconds }
}

/** "10%", "0.1": a ratio, 0.1. */
export function parseRatio(given: unknown): Quantity {
  const problem: QuantityProblem = { expected: 'a percentage, or a ratio between 0 and 1', example: '10% or 0.1' }
  const text = quantityText(given)
  if (text === undefined) return { ok: false, problem }
  const match = new RegExp(`^(${NUMBER})\\s*(%?)$`, 'u').exec(text)
  if (!match) return { ok: false, problem: { ...problem, ...signed(text) } }
  const value = toNumber(match[1]!)
  // Dividing gives the nearest double to the decimal fraction; multiplying by 0.01 does not (7 % would be 0.07 + 1e-17).
  if (match[2] === '%') return { ok: true, value: value / 100 }
  if (value > 1) return { ok: false, problem: { ...problem, reason: 'a ratio is at most 1', meant: `${match[1]}%` } }
  return { ok: true, value }
}

/** "20k", "1.5M", 100000: a whole number. */
export function parseCount(given: unknown): Quantity {
  const problem: QuantityProblem = { expected: 'a whole number, with k, M or G if you like', example: '20k or 100000' }
  const text = quantityText(given)
  if (text === undefined) return { ok: false, problem }
  const amount = parseAmount(text)
  if (amount === undefined) return { ok: false, problem: { ...problem, ...signed(text) } }
  if (!Number.isSafeInteger(amount)) return { ok: false, problem: { ...problem, reason: amount % 1 === 0 ? 'too large' : 'not a whole number' } }
  return { ok: true, value: amount }
}

/** A number with k, M or G behind it; undefined when it is none. */
function parseAmount(text: string): number | undefined {
  const match = NUMBER_AND_UNIT.exec(text)
  if (!match) return undefined
  const factor = own(COUNT_UNITS, match[2] ?? '')
  if (factor === undefined) return undefined
  const value = toNumber(match[1]!) * factor
  // 1.1k is 1100.0000000000002 in binary.
  return Math.abs(value - Math.round(value)) < 1e-6 ? Math.round(value) : value
}

/** YAML gives numbers where people wrote digits only; anything but a short text or a number has no quantity in it. */
function quantityText(given: unknown): string | undefined {
  if (typeof given === 'number') return Number.isFinite(given) ? decimal(given) : undefined
  if (typeof given !== 'string') return undefined
  const text = given.trim()
  return text.length === 0 || text.length > LONGEST_TEXT ? undefined : text
}

/** Without an exponent, which no quantity is written with (YAML reads 1e-7 as a number). */
function decimal(value: number): string {
  const text = String(value)
  return text.includes('e') ? value.toFixed(20).replace(/\.?0+$/, '') : text
}

function toNumber(text: string): number {
  return Number(text.replaceAll('_', ''))
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

function signed(text: string): { reason?: string } {
  return text.startsWith('-') ? { reason: 'it can not be negative' } : {}
}

function unknownUnit(number: string, unit: string, units: readonly string[]): Pick<QuantityProblem, 'reason' | 'meant'> {
  const close = longUnit(unit, units) ?? nearest(unit, units)
  return { reason: `no unit is called "${unit}"`, ...(close !== undefined && { meant: `${number}${close}` }) }
}

/** "sec", "seconds", "msec", "bytes": spelled out, they share no length with the unit that nearest() could work with. */
function longUnit(unit: string, units: readonly string[]): string | undefined {
  const spelled: Readonly<Record<string, RegExp>> = {
    ns: /^(nsec|nanos?|nanoseconds?)$/i,
    us: /^(usec|micros?|microseconds?)$/i,
    ms: /^(msec|millis?|milliseconds?)$/i,
    s: /^(S|secs?|seconds?)$/i,
    m: /^(M|mins?|minutes?)$/i,
    h: /^(H|hrs?|hours?)$/i,
    d: /^(D|days?)$/i,
    B: /^bytes?$/i,
    KB: /^kilobytes?$/i,
    MB: /^megabytes?$/i,
    GB: /^gigabytes?$/i,
  }
  return units.find((name) => own(spelled, name)?.test(unit))
}
