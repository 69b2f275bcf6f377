import type { Stream } from '../../runtime/runtime.ts'

/**
 * Correlation of each value with the next one, by the squares of their differences (von Neumann, "Distribution of the
 * ratio of the mean square successive difference to the variance", Annals of Mathematical Statistics 12, 1941): the plain
 * product of neighbours counts the ends, where a steady drift is largest, only once. NaN where nothing varies.
 */
export function lagOneCorrelation(values: readonly number[]): number {
  const order = Float64Array.from(values)
  return 1 - jumps(order) / (2 * squaresOf(order))
}

/** Up to here all orders are tried (5,040); beyond, a sample of them. */
const MOST_EXACT = 7
const SAMPLED_ORDERS = 3999

/**
 * Whether neighbouring values resemble each other more than chance explains, at `level`: the lag-1 correlation of the order
 * in which they came, among those of all orders that they could have come in (a permutation test: exact for whatever
 * distribution). One-sided, since values that alternate make no interval too narrow. `stream` draws the orders.
 */
export function driftsBeyondChance(values: readonly number[], level: number, stream: Stream): boolean {
  if (values.length < 3) return false
  const order = Float64Array.from(values)
  // Sums that are equal on paper differ in their last digits here; they count as equal.
  const threshold = jumps(order) + 1e-12 * squaresOf(order)
  return order.length <= MOST_EXACT ? isRareAmongAll(order, threshold, level) : isRareAmongSome(order, threshold, level, stream)
}

function isRareAmongAll(order: Float64Array, threshold: number, level: number): boolean {
  let orders = 1
  for (let n = 2; n <= order.length; n++) orders *= n
  const most = level * orders
  let asAlike = 0
  // Heap's algorithm ("Permutations by Interchanges", The Computer Journal 6, 1963): one exchange makes the next order.
  const count = new Uint8Array(order.length)
  for (let at = 0; ; ) {
    if (jumps(order) <= threshold && ++asAlike > most) return false
    while (at < order.length && count[at]! >= at) count[at++] = 0
    if (at === order.length) return true
    exchange(order, at % 2 === 0 ? 0 : count[at]!, at)
    count[at]!++
    at = 0
  }
}

function isRareAmongSome(values: Float64Array, threshold: number, level: number, stream: Stream): boolean {
  const most = level * (SAMPLED_ORDERS + 1)
  const length = values.length
  const orders = sampledOrders(length, stream)
  // The order that was seen is one of them.
  let asAlike = 1
  for (let from = 0; from < orders.length && asAlike <= most; from += length) {
    let sum = 0
    let before = values[orders[from]!]!
    for (let at = from + 1; at < from + length; at++) {
      const value = values[orders[at]!]!
      sum += (value - before) ** 2
      before = value
    }
    if (sum <= threshold) asAlike++
  }
  return asAlike <= most
}

/** One after another; the same for all contrasts of as many blocks, and drawing them is most of the work. */
function sampledOrders(length: number, stream: Stream): Uint32Array {
  const known = SAMPLED.get(stream) ?? new Map<number, Uint32Array>()
  SAMPLED.set(stream, known)
  let orders = known.get(length)
  if (!orders) {
    orders = new Uint32Array(SAMPLED_ORDERS * length)
    const order = Uint32Array.from({ length }, (_, at) => at)
    for (let sample = 0; sample < SAMPLED_ORDERS; sample++) {
      for (let at = length - 1; at > 0; at--) exchange(order, Math.floor(stream.uniform(sample, at) * (at + 1)), at)
      orders.set(order, sample * length)
    }
    known.set(length, orders)
  }
  return orders
}

const SAMPLED = new WeakMap<Stream, Map<number, Uint32Array>>()

/** Sum of squared differences of neighbours: small where they are alike. */
function jumps(order: Float64Array): number {
  let sum = 0
  for (let at = 1; at < order.length; at++) sum += (order[at]! - order[at - 1]!) ** 2
  return sum
}

/** About their mean. */
function squaresOf(order: Float64Array): number {
  let sum = 0
  for (const value of order) sum += value
  const centre = sum / order.length
  let squares = 0
  for (const value of order) squares += (value - centre) ** 2
  return squares
}

function exchange(values: Float64Array | Uint32Array, a: number, b: number): void {
  const kept = values[a]!
  values[a] = values[b]!
  values[b] = kept
}
