import { bytesInWords, countInWords, digits, nanosInWords, rateInWords, shareInWords } from '../words.ts'
import { type Figure, isMissing, singleValue } from './figure.ts'
import type { MetricUnit } from './metric.ts'

/** A value of the unit as a person reads it: "4.2 ms", "93.4 %". */
export function valueInWords(value: number, unit: MetricUnit): string {
  switch (unit) {
    case 'ratio':
      return shareInWords(value)
    case 'nanos':
      return nanosInWords(value)
    case 'rate':
      return rateInWords(value)
    case 'bytes':
      return bytesInWords(value)
    case 'count':
      return countInWords(value)
    case 'number':
      return numberInWords(value)
  }
}

/** As many digits as say something: "0.0031", "1.01", "85.3", "1,000"; "0". */
function numberInWords(value: number): string {
  const size = Math.abs(value)
  if (size === 0) return '0'
  if (size < 0.1) return digits(value)
  return size < 10 ? value.toFixed(2) : size < 100 ? value.toFixed(1) : countInWords(Math.round(value))
}

/**
 * "4.2 ms"; where the bounds differ "≥ 1 s (5 % unknown)" or "1.1 ms to 1.9 ms (0.4 % unknown)"; a dash for what is
 * missing. A share of definite failures that is not nothing stands beside it: "4.2 ms (1.2 % failed)".
 */
export function figureInWords(figure: Figure, unit: MetricUnit): string {
  if (isMissing(figure)) return '–'
  const { low, high, unknownShare = 0, failedShare = 0 } = figure
  const exact = singleValue(figure)
  const text =
    exact !== null
      ? valueInWords(exact, unit)
      : Number.isFinite(high)
        ? `${valueInWords(low, unit)} to ${valueInWords(high, unit)}`
        : `≥ ${valueInWords(low, unit)}`
  const asides = [
    ...(exact === null && unknownShare > 0 ? [`${shareInWords(unknownShare)} unknown`] : []),
    ...(failedShare > 0 ? [`${shareInWords(failedShare)} failed`] : []),
  ]
  return asides.length === 0 ? text : `${text} (${asides.join(', ')})`
}
