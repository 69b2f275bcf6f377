import { sortedOrder } from './sorted-order.ts'

/** Moves per row that sorting by insertion may take, on average, before another way is gone. */
const MOVES_PER_ROW = 16

/**
 * Sorts row numbers in place by time, then instance; stable. Rows that are a few places from theirs, as rows of one
 * recorder are, take hardly more than one comparison each; any others O(n log n). Not by a function that compares: this
 * loop is most of what merging costs.
 */
export function sortNearlySorted(rows: Uint32Array, times: Float64Array, instances: Uint16Array): void {
  let moves = MOVES_PER_ROW * rows.length
  for (let at = 1; at < rows.length; at++) {
    const row = rows[at]!
    const time = times[row]!
    let to = at
    while (to > 0) {
      const before = rows[to - 1]!
      if (times[before]! < time || (times[before] === time && instances[before]! <= instances[row]!)) break
      rows[to--] = before
    }
    if (to === at) continue
    rows[to] = row
    moves -= at - to
    if (moves < 0) {
      sortFar(rows, times, instances)
      return
    }
  }
}

function sortFar(rows: Uint32Array, times: Float64Array, instances: Uint16Array): void {
  const order = sortedOrder(rows.length, (a, b) => times[rows[a]!]! - times[rows[b]!]! || instances[rows[a]!]! - instances[rows[b]!]!)
  if (order) rows.set(order.map((place) => rows[place]!))
}
