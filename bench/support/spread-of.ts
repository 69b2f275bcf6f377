/** NaN of none. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  if (sorted.length === 0) return Number.NaN
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Of what was measured again and again: what is in the middle, and between what it lay, to so many decimal places. */
export function spreadOf(values: readonly number[], digits = 3) {
  const rounded = (value: number) => Number(value.toFixed(digits))
  return { median: rounded(medianOf(values)), least: rounded(Math.min(...values)), most: rounded(Math.max(...values)) }
}
