import { countInWords, shareInWords } from '../measure/words.ts'

/** Upper bound, with 95 % confidence, of a rate of which nothing was seen in n: 3/n (Hanley and Lippman-Hand, JAMA 249(13), 1983). */
export function upperBound(n: number): number {
  return n <= 0 ? 1 : Math.min(1, 3 / n)
}

/** "0 of 12,000 reads (rate below 0.025 % with 95 % confidence)"; `of`: what n counts. */
export function noneOf(n: number, of = ''): string {
  return `0 of ${countInWords(n)}${of && ` ${of}`} (rate below ${shareInWords(upperBound(n))} with 95 % confidence)`
}
