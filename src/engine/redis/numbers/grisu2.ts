/**
 * The digits fpconv_dtoa prints (deps/fpconv, after Loitsch, "Printing Floating-Point Numbers Quickly and
 * Accurately with Integers", Grisu2). Not always the shortest: about one double in a thousand gets a digit more
 * than JavaScript prints, and a server's score is known by its digits.
 */
export interface Digits {
  readonly digits: string
  /** value = digits * 10^exponent */
  readonly exponent: number
}

interface Fp {
  fraction: bigint
  exponent: number
}

const HIDDEN_BIT = 1n << 52n
const FRACTION_MASK = HIDDEN_BIT - 1n
const EXPONENT_BIAS = 1023 + 52
const FIRST_POWER = -348
const STEP = 8
const POWERS = 87
const u64 = (value: bigint) => BigInt.asUintN(64, value)

/** 10^(-348 + 8i) as 64-bit significands, rounded to nearest. */
const cachedPowers: readonly Fp[] = Array.from({ length: POWERS }, (_, i) => cachedPower(FIRST_POWER + i * STEP))

function cachedPower(power: number): Fp {
  const numerator = power >= 0 ? 10n ** BigInt(power) : 1n
  const denominator = power >= 0 ? 1n : 10n ** BigInt(-power)
  let exponent = numerator.toString(2).length - denominator.toString(2).length - 64
  for (;;) {
    const scaled = exponent >= 0 ? [numerator, denominator << BigInt(exponent)] : [numerator << BigInt(-exponent), denominator]
    const fraction = (2n * scaled[0]! + scaled[1]!) / (2n * scaled[1]!)
    if (fraction >= 1n << 64n) exponent++
    else if (fraction < 1n << 63n) exponent--
    else return { fraction, exponent }
  }
}

/** Of a finite value above zero. */
export function grisu2(value: number): Digits {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const w: Fp = { fraction: bits & FRACTION_MASK, exponent: Number(bits >> 52n) & 0x7ff }
  if (w.exponent !== 0) {
    w.fraction += HIDDEN_BIT
    w.exponent -= EXPONENT_BIAS
  } else w.exponent = 1 - EXPONENT_BIAS

  const upper: Fp = { fraction: (w.fraction << 1n) + 1n, exponent: w.exponent - 1 }
  while ((upper.fraction & (HIDDEN_BIT << 1n)) === 0n) {
    upper.fraction <<= 1n
    upper.exponent--
  }
  upper.fraction <<= 10n
  upper.exponent -= 10
  const lowerShift = w.fraction === HIDDEN_BIT ? 2 : 1
  const lower: Fp = { fraction: (w.fraction << BigInt(lowerShift)) - 1n, exponent: w.exponent - lowerShift }
  lower.fraction <<= BigInt(lower.exponent - upper.exponent)
  lower.exponent = upper.exponent
  while ((w.fraction & HIDDEN_BIT) === 0n) {
    w.fraction <<= 1n
    w.exponent--
  }
  w.fraction <<= 11n
  w.exponent -= 11

  const power = powerFor(upper.exponent)
  const cached = cachedPowers[power]!
  const scaledUpper = multiply(upper, cached)
  scaledUpper.fraction--
  const scaledLower = multiply(lower, cached)
  scaledLower.fraction++
  return generate(multiply(w, cached), scaledUpper, scaledLower, -(FIRST_POWER + power * STEP))
}

function powerFor(exponent: number): number {
  const approximate = Math.trunc(-(exponent + POWERS) * 0.30102999566398114)
  let index = Math.trunc((approximate - FIRST_POWER) / STEP)
  for (;;) {
    const current = exponent + cachedPowers[index]!.exponent + 64
    if (current < -60) index++
    else if (current > -32) index--
    else return index
  }
}

function multiply(a: Fp, b: Fp): Fp {
  return { fraction: (a.fraction * b.fraction + (1n << 63n)) >> 64n, exponent: a.exponent + b.exponent + 64 }
}

function generate(w: Fp, upper: Fp, lower: Fp, firstExponent: number): Digits {
  const below = upper.fraction - w.fraction
  let delta = upper.fraction - lower.fraction
  const shift = BigInt(-upper.exponent)
  const one = 1n << shift
  let whole = upper.fraction >> shift
  let rest = upper.fraction & (one - 1n)
  const digits: number[] = []
  let kappa = 10
  for (let divisor = 1_000_000_000n; kappa > 0; divisor /= 10n) {
    const digit = whole / divisor
    if (digit !== 0n || digits.length > 0) digits.push(Number(digit))
    whole -= digit * divisor
    kappa--
    const left = (whole << shift) + rest
    if (left <= delta) {
      roundLast(digits, delta, left, divisor << shift, below)
      return { digits: digits.join(''), exponent: firstExponent + kappa }
    }
  }
  let unit = 10n
  for (;;) {
    rest *= 10n
    delta = u64(delta * 10n)
    kappa--
    const digit = rest >> shift
    if (digit !== 0n || digits.length > 0) digits.push(Number(digit))
    rest &= one - 1n
    if (rest < delta) {
      roundLast(digits, delta, rest, one, u64(below * unit))
      return { digits: digits.join(''), exponent: firstExponent + kappa }
    }
    unit = u64(unit * 10n)
  }
}

/** Lowers the last digit while that brings the result nearer to the value. */
function roundLast(digits: number[], delta: bigint, start: bigint, kappa: bigint, target: bigint): void {
  let rest = start
  while (rest < target && delta - rest >= kappa && (rest + kappa < target || target - rest > rest + kappa - target)) {
    digits[digits.length - 1]!--
    rest += kappa
  }
}
