import type { Stream } from '../../runtime/runtime.ts'

/** Draws of one lane of a chooser: the attempts of a rejection loop are lanes of the stream. */
const LANES_PER_DRAW = 1024

/**
 * Ranks 0 .. count-1 with P(rank k) proportional to 1/(k+1)^exponent: exact, in O(1) memory and set-up, for any
 * exponent > 0, by rejection-inversion (Hormann & Derflinger, "Rejection-inversion to generate variates from
 * monotone discrete distributions", ACM TOMACS 6(3), 1996). Fewer than one draw in ten is rejected.
 */
export function createZipfRank(count: number, exponent: number, stream: Stream): (index: number, lane: number) => number {
  if (!(exponent > 0) || !Number.isFinite(exponent)) throw new RangeError(`a zipf exponent is above 0, not ${exponent}`)
  if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`a zipf distribution needs at least one key, not ${count}`)
  const oneMinus = 1 - exponent

  /** Integral of x^-s, in a form that goes over into ln x at s = 1 without cancellation. */
  const h = (x: number): number => {
    const log = Math.log(x)
    return expm1Ratio(oneMinus * log) * log
  }
  const hInverse = (y: number): number => {
    const product = Math.max(-1, y * oneMinus)
    return Math.exp(log1pRatio(product) * y)
  }
  const density = (k: number): number => k ** -exponent

  const first = h(1.5) - 1
  const last = h(count + 0.5)
  const cut = 2 - hInverse(h(2.5) - density(2))

  return (index, lane) => {
    for (let attempt = 0; ; attempt++) {
      const u = last + stream.uniform(index, lane * LANES_PER_DRAW + attempt) * (first - last)
      const x = hInverse(u)
      const k = Math.min(count, Math.max(1, Math.round(x)))
      if (k - x <= cut || u >= h(k + 0.5) - density(k)) return k - 1
    }
  }
}

/** (e^x - 1) / x */
function expm1Ratio(x: number): number {
  return Math.abs(x) > 1e-8 ? Math.expm1(x) / x : 1 + x / 2
}

/** ln(1 + x) / x */
function log1pRatio(x: number): number {
  return Math.abs(x) > 1e-8 ? Math.log1p(x) / x : 1 - x / 2
}
