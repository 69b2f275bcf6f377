import type { Contrast } from '../../../measure/inference/contrast.ts'
import { valueInWords } from '../../../measure/metrics/figure-in-words.ts'
import type { MetricUnit } from '../../../measure/metrics/metric.ts'
import type { Interval } from '../../../measure/statistics.ts'

/** A ratio as a sentence can carry it: "46 % less", "1.4 times". */
export interface Change {
  readonly kind: 'less' | 'more' | 'times'
  /** "46 %"; "1.4" of times. */
  readonly amount: string
  /** The interval in the same form: "−49 to −43 %", "1.36 to 1.44 times". Absent where there is none. */
  readonly bounds?: string
}

/** From here on a reader multiplies more easily than he adds: "1.4 times" and not "40 % more". */
const TIMES_FROM = 1.3

/** `ratio`: candidate / baseline. */
export function changeOf(ratio: number, interval?: Interval): Change {
  const kind = ratio < 1 ? 'less' : ratio < TIMES_FROM ? 'more' : 'times'
  const amount = kind === 'times' ? timesDigits(ratio) : `${percentDigits(Math.abs(ratio - 1))} %`
  if (interval === undefined) return { kind, amount }
  return { kind, amount, bounds: kind === 'times' ? timesBounds(interval) : ratioBounds(interval) }
}

/** "−49 to −43 %", "−4 to +6 %": an interval of a ratio, as its distance from "the same". */
export function ratioBounds({ low, high }: Interval): string {
  if (!Number.isFinite(high)) return `${signedPercent(low - 1)} to without bound`
  return `${boundsOf(low - 1, high - 1)} %`
}

type Scale = Contrast['scale']

/** The bounds of a difference in its own words: "−49 to −43 %", "+0.31 to +0.43 points", "−277 to −261". */
export function boundsInWords({ low, high }: Interval, scale: Scale, unit: MetricUnit): string {
  if (scale === 'ratio') return ratioBounds({ low, high })
  return unit === 'ratio' ? `${boundsOf(low, high)} points` : `${signedValue(low, unit)} to ${signedValue(high, unit)}`
}

/** The difference itself: "−46 %", "+0.37 points", "−266". */
export function differenceInWords(estimate: number, scale: Scale, unit: MetricUnit): string {
  if (scale === 'ratio') return signedChange(estimate)
  return unit === 'ratio' ? `${signedPercent(estimate)} points` : signedValue(estimate, unit)
}

function signedValue(value: number, unit: MetricUnit): string {
  return `${value < 0 ? '−' : value > 0 ? '+' : ''}${valueInWords(Math.abs(value), unit)}`
}

/** "−46 %" */
export function signedChange(ratio: number): string {
  return `${signedPercent(ratio - 1)} %`
}

function timesBounds({ low, high }: Interval): string {
  return `${timesDigits(low, 3)} to ${Number.isFinite(high) ? timesDigits(high, 3) : 'any number of'} times`
}

function timesDigits(ratio: number, most = 2): string {
  return String(Number(ratio.toPrecision(ratio >= 10 ? 2 : most)))
}

/** With a digit more where two bounds would read the same. */
function boundsOf(low: number, high: number): string {
  const precision = signedPercent(low) === signedPercent(high) ? 3 : 2
  return `${signedPercent(low, precision)} to ${signedPercent(high, precision)}`
}

function signedPercent(share: number, precision = 2): string {
  const digits = percentDigits(Math.abs(share), precision)
  if (digits === '0') return '0'
  return `${share < 0 ? '−' : '+'}${digits}`
}

/** Two digits of a percentage; more where nearly everything is gone, so that 99.96 % does not read as all of it. */
function percentDigits(share: number, precision = 2): string {
  const percent = share * 100
  if (percent < 0.005) return '0'
  if (percent >= 99 && percent < 100) return String(Math.min(99.99, Number(percent.toFixed(percent >= 99.9 ? 2 : 1))))
  return String(Number(percent.toPrecision(percent >= 100 ? 3 : precision)))
}
