import { grisu2 } from './grisu2.ts'

/**
 * How scores are printed. Redis before 7.2 prints %.17g; from 7.2 on, and in Valkey, integers up to 2^62 are
 * printed as integers and the rest by fpconv_dtoa, nearly always the shortest digits that read back.
 */
export type FloatStyle = 'g17' | 'shortest'

export function formatDouble(value: number, style: FloatStyle): string {
  if (value === Number.POSITIVE_INFINITY) return 'inf'
  if (value === Number.NEGATIVE_INFINITY) return '-inf'
  if (Number.isNaN(value)) return 'nan'
  if (style === 'g17') return formatG17(value)
  return formatStored(value, style)
}

/** As a listpack keeps it (zzlInsertAt): integral scores as integers whatever the style. Also what d2string does since 7.2. */
export function formatStored(value: number, style: FloatStyle): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  if (Number.isSafeInteger(value)) return String(value)
  // double2ll in util.c: exact integers within half of int64's range.
  if (Number.isInteger(value) && Math.abs(value) <= 2 ** 62) return BigInt(value).toString()
  return style === 'g17' ? formatG17(value) : formatShortest(value)
}

/** C's %.17g. */
export function formatG17(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (Number.isSafeInteger(value) && value !== 0) return String(value)
  if (Number.isInteger(value) && Math.abs(value) < 1e17) return Object.is(value, -0) ? '-0' : String(BigInt(value))
  const [mantissa, exponentText] = exponential17(value).split('e') as [string, string]
  const exponent = Number(exponentText)
  if (exponent < -4 || exponent >= 17) {
    const digits = trimZeros(mantissa)
    const size = Math.abs(exponent)
    return `${digits}e${exponent < 0 ? '-' : '+'}${size < 10 ? '0' : ''}${size}`
  }
  return trimZeros(plain(mantissa, exponent))
}

/** 17 digits, an exact tie to the even one as in glibc; toExponential takes the larger. */
function exponential17(value: number): string {
  const rounded = value.toExponential(16)
  const more = value.toExponential(17)
  if (!more.includes('5e')) return rounded
  const exact = /^(-?\d\.\d{15}[02468])50*(e.*)$/.exec(value.toExponential(60))
  return exact ? exact[1]! + exact[2]! : rounded
}

/** The digits of "d.ddd" moved by `exponent` places, -4 <= exponent < 17. */
function plain(mantissa: string, exponent: number): string {
  const negative = mantissa.startsWith('-')
  const digits = mantissa.replace('-', '').replace('.', '')
  const text = exponent < 0 ? `0.${'0'.repeat(-exponent - 1)}${digits}` : `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`
  return negative ? `-${text}` : text
}

export function trimZeros(text: string): string {
  if (!text.includes('.')) return text
  let end = text.length
  while (text.charCodeAt(end - 1) === 48) end--
  if (text.charCodeAt(end - 1) === 46) end--
  return text.slice(0, end)
}

/** fpconv_dtoa's layout (deps/fpconv) over Grisu2's digits. */
function formatShortest(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  const negative = value < 0
  const { digits, exponent: k } = grisu2(Math.abs(value))
  const count = digits.length
  const exponent = k + count - 1
  const size = Math.abs(exponent)
  let text: string
  if (k >= 0 && size < count + 7) text = digits + '0'.repeat(k)
  else if (k < 0 && (k > -7 || size < 4)) {
    const offset = count + k
    text = offset <= 0 ? `0.${'0'.repeat(-offset)}${digits}` : `${digits.slice(0, offset)}.${digits.slice(offset)}`
  } else {
    const shown = digits.slice(0, 18 - (negative ? 1 : 0))
    text = `${shown[0]}${shown.length > 1 ? `.${shown.slice(1)}` : ''}e${exponent < 0 ? '-' : '+'}${size}`
  }
  return negative ? `-${text}` : text
}
