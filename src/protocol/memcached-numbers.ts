/**
 * Numbers as memcached reads them: strtoul and its relatives of C behind `safe_strtoul`, `safe_strtoull` and
 * `safe_strtol` (util.c). They skip leading white space, take a sign, stop at white space or the end, and an
 * unsigned one takes "-1" only where the wrapped result is below 2^63.
 */

const UINT64 = 1n << 64n
const INT64_TOP = 1n << 63n
const MINUS = 0x2d
const PLUS = 0x2b

/** The result of `scan`, reused from call to call. */
const scanned = { negative: false, magnitude: 0n }

/** `isspace` in the C locale. */
function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)
}

/** Reads sign and digits into `scanned`; false where C would say that nothing, or something more, was there. */
function scan(bytes: Uint8Array, start: number): boolean {
  let at = start
  while (at < bytes.length && isSpace(bytes[at]!)) at++
  scanned.negative = bytes[at] === MINUS
  if (bytes[at] === MINUS || bytes[at] === PLUS) at++
  const first = at
  let magnitude = 0n
  let chunk = 0
  let scale = 1
  for (; at < bytes.length; at++) {
    const digit = bytes[at]! - 0x30
    if (digit < 0 || digit > 9) break
    chunk = chunk * 10 + digit
    scale *= 10
    if (scale === 1e15) {
      magnitude = magnitude * 1_000_000_000_000_000n + BigInt(chunk)
      chunk = 0
      scale = 1
    }
  }
  if (at === first) return false
  // A C string ends at its first NUL.
  if (at < bytes.length && bytes[at] !== 0 && !isSpace(bytes[at]!)) return false
  scanned.magnitude = magnitude * BigInt(scale) + BigInt(chunk)
  return true
}

/** The common case, up to 15 plain digits; -1 for anything else. */
function plainDigits(bytes: Uint8Array, start: number): number {
  const length = bytes.length - start
  if (length < 1 || length > 15) return -1
  let value = 0
  for (let at = start; at < bytes.length; at++) {
    const digit = bytes[at]! - 0x30
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

/** `safe_strtoull`. Undefined where memcached refuses. */
export function parseUint64(bytes: Uint8Array, start = 0): bigint | undefined {
  const plain = plainDigits(bytes, start)
  if (plain >= 0) return BigInt(plain)
  if (!scan(bytes, start) || scanned.magnitude >= UINT64) return undefined
  if (!scanned.negative) return scanned.magnitude
  const wrapped = scanned.magnitude === 0n ? 0n : UINT64 - scanned.magnitude
  return wrapped >= INT64_TOP ? undefined : wrapped
}

/** `safe_strtoul`, which reads 64 bits and keeps the lower 32: 4294967296 is 0. */
export function parseUint32(bytes: Uint8Array, start = 0): number | undefined {
  const plain = plainDigits(bytes, start)
  if (plain >= 0) return plain % 0x1_0000_0000
  const wide = parseUint64(bytes, start)
  return wide === undefined ? undefined : Number(BigInt.asUintN(32, wide))
}

/** `safe_strtol`, which reads 64 bits and keeps the lower 32 with their sign: 2147483648 is -2147483648. */
export function parseInt32(bytes: Uint8Array, start = 0): number | undefined {
  const plain = plainDigits(bytes, start)
  if (plain >= 0) return plain <= 0x7fff_ffff ? plain : Number(BigInt.asIntN(32, BigInt(plain)))
  if (!scan(bytes, start)) return undefined
  const value = scanned.negative ? -scanned.magnitude : scanned.magnitude
  return value >= INT64_TOP || value < -INT64_TOP ? undefined : Number(BigInt.asIntN(32, value))
}
