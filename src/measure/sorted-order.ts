/**
 * The order in which rows 0..length-1 are sorted, stable; undefined when they already are. Natural merge sort over
 * row numbers: histories are a few long sorted runs, so this is close to linear where a comparator sort is not.
 */
export function sortedOrder(length: number, compare: (rowA: number, rowB: number) => number): Uint32Array | undefined {
  let bounds = [0]
  for (let row = 1; row < length; row++) if (compare(row - 1, row) > 0) bounds.push(row)
  if (bounds.length === 1) return undefined
  bounds.push(length)

  let from = new Uint32Array(length)
  for (let row = 0; row < length; row++) from[row] = row
  let to = new Uint32Array(length)
  while (bounds.length > 2) {
    const merged = [0]
    for (let run = 0; run + 1 < bounds.length; run += 2) {
      const start = bounds[run]!
      const middle = bounds[run + 1]!
      const end = bounds[run + 2] ?? middle
      mergeRuns(from, to, start, middle, end, compare)
      merged.push(end)
    }
    bounds = merged
    const spare = from
    from = to
    to = spare
  }
  return from
}

function mergeRuns(
  from: Uint32Array,
  to: Uint32Array,
  start: number,
  middle: number,
  end: number,
  compare: (rowA: number, rowB: number) => number,
): void {
  let left = start
  let right = middle
  for (let at = start; at < end; at++) {
    const takeLeft = left < middle && (right >= end || compare(from[left]!, from[right]!) <= 0)
    to[at] = takeLeft ? from[left++]! : from[right++]!
  }
}
