import type { Word } from '../../../protocol/command.ts'
import { latin1Of } from '../words.ts'
import { HEXADECIMAL } from './parse-double.ts'

/**
 * x87 80-bit "long double", which INCRBYFLOAT and HINCRBYFLOAT compute in on x86-64: a 64-bit significand,
 * round to nearest even. value = significand * 2^exponent; significand 0 or of exactly 64 bits; sign apart.
 */
export interface LongDouble {
  readonly negative: boolean
  readonly significand: bigint
  readonly exponent: number
  readonly infinite: boolean
}

const BITS = 64
const MAX_EXPONENT = 16384 - BITS
/** Smallest exponent of a subnormal's last bit. */
const MIN_EXPONENT = -16445

const ZERO: LongDouble = { negative: false, significand: 0n, exponent: 0, infinite: false }
const infinity = (negative: boolean): LongDouble => ({ negative, significand: 0n, exponent: 0, infinite: true })

function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length
}

/** numerator/denominator * 2^exponent, rounded once. */
function round(negative: boolean, numerator: bigint, denominator: bigint, exponent: number): LongDouble {
  if (numerator === 0n) return { ...ZERO, negative }
  // Scale so that the quotient has at least 64 bits, then drop the surplus with one rounding.
  let shift = BITS + 1 - (bitLength(numerator) - bitLength(denominator))
  if (exponent - shift < MIN_EXPONENT) shift = exponent - MIN_EXPONENT
  let quotient = shift >= 0 ? (numerator << BigInt(shift)) / denominator : numerator / (denominator << BigInt(-shift))
  let inexact = shift >= 0 ? quotient * denominator !== numerator << BigInt(shift) : quotient * (denominator << BigInt(-shift)) !== numerator
  let scale = exponent - shift
  const surplus = bitLength(quotient) - BITS
  if (surplus > 0) {
    const unit = 1n << BigInt(surplus)
    const rest = quotient & (unit - 1n)
    quotient >>= BigInt(surplus)
    scale += surplus
    const half = unit >> 1n
    if (rest > half || (rest === half && (inexact || (quotient & 1n) === 1n))) quotient += 1n
    inexact = false
    if (bitLength(quotient) > BITS) {
      quotient >>= 1n
      scale += 1
    }
  }
  if (quotient === 0n) return { ...ZERO, negative }
  const missing = BITS - bitLength(quotient)
  if (missing > 0 && scale - missing >= MIN_EXPONENT) {
    quotient <<= BigInt(missing)
    scale -= missing
  }
  if (scale > MAX_EXPONENT) return infinity(negative)
  return { negative, significand: quotient, exponent: scale, infinite: false }
}

const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i
const INFINITE = /^([+-]?)inf(inity)?$/i

/** As string2ld: the whole text as strtold reads it; undefined for NaN, overflow, underflow to zero and anything else. */
export function parseLongDouble(word: Word): LongDouble | undefined {
  // string2ld copies into a buffer of MAX_LONG_DOUBLE_CHARS (5 KiB) bytes.
  if (word.length === 0 || word.length >= 5 * 1024) return undefined
  const text = latin1Of(word)
  const infinite = INFINITE.exec(text)
  if (infinite) return infinity(infinite[1] === '-')
  const decimal = DECIMAL.exec(text)
  if (decimal) {
    const digits = decimal[2]! + decimal[3]!
    if (digits === '') return undefined
    const negative = decimal[1] === '-'
    const significant = BigInt(digits)
    if (significant === 0n) return { ...ZERO, negative }
    const power = Number(decimal[4] ?? 0) - decimal[3]!.length
    // Beyond this the result is out of range whatever the digits are.
    if (power + digits.length > 5100 || power + digits.length < -5100) return undefined
    const value = power >= 0 ? round(negative, significant * 10n ** BigInt(power), 1n, 0) : round(negative, significant, 10n ** BigInt(-power), 0)
    return value.infinite || value.significand === 0n ? undefined : value
  }
  const hex = HEXADECIMAL.exec(text)
  if (!hex || hex[2]! + hex[3]! === '') return undefined
  const exponent = Number(hex[4] ?? 0) - 4 * hex[3]!.length
  const significand = BigInt(`0x${hex[2]}${hex[3]}`)
  if (significand === 0n) return { ...ZERO, negative: hex[1] === '-' }
  if (Math.abs(exponent) > 17000) return undefined
  const value = round(hex[1] === '-', significand, 1n, exponent)
  return value.infinite || value.significand === 0n ? undefined : value
}

/** a + b; undefined for NaN (inf - inf). */
export function addLongDouble(a: LongDouble, b: LongDouble): LongDouble | undefined {
  if (a.infinite || b.infinite) {
    if (a.infinite && b.infinite && a.negative !== b.negative) return undefined
    return a.infinite ? a : b
  }
  const exponent = Math.min(a.exponent, b.exponent)
  const left = (a.significand << BigInt(a.exponent - exponent)) * (a.negative ? -1n : 1n)
  const right = (b.significand << BigInt(b.exponent - exponent)) * (b.negative ? -1n : 1n)
  const sum = left + right
  if (sum === 0n) return { ...ZERO, negative: a.negative && b.negative }
  return round(sum < 0n, sum < 0n ? -sum : sum, 1n, exponent)
}

/** As ld2string in "human" style: %.17Lf, zeros trimmed, "-0" as "0". */
export function formatLongDouble(value: LongDouble): string {
  if (value.infinite) return value.negative ? '-inf' : 'inf'
  // round(significand * 2^exponent * 10^17) to nearest, ties to even
  let scaled = value.significand * 10n ** 17n
  if (value.exponent >= 0) scaled <<= BigInt(value.exponent)
  else {
    const unit = 1n << BigInt(-value.exponent)
    const rest = scaled & (unit - 1n)
    scaled >>= BigInt(-value.exponent)
    const half = unit >> 1n
    if (rest > half || (rest === half && (scaled & 1n) === 1n)) scaled += 1n
  }
  const digits = scaled.toString().padStart(18, '0')
  const whole = digits.slice(0, -17)
  const fraction = digits.slice(-17).replace(/0+$/, '')
  const text = fraction === '' ? whole : `${whole}.${fraction}`
  return value.negative && text !== '0' ? `-${text}` : text
}
