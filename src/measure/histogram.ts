import type { Nanos } from '../runtime/runtime.ts'

/**
 * Layout: that of HdrHistogram with lowestDiscernibleValue = 1000 ns and 3 significant digits, so that V2 interchange
 * (`hdr-v2.ts`) copies counts one to one. A unit is 512 ns (the power of two below 1 us); values below 2048 units
 * (1.05 ms) have one bucket a unit, every octave above has 1024 buckets, so a bucket is never wider than 0.1 % of its
 * values or 512 ns, whichever is more.
 */
export const UNIT_BITS = 9
const UNIT_NANOS = 2 ** UNIT_BITS
const HALF_BITS = 10
const HALF = 1 << HALF_BITS
const MASK = 2 * HALF - 1
/** Leading zeros of the largest unit count that still lies in the first 2048 buckets. */
const BASE_LEADING_ZEROS = 21
/** Below this, units fit in 32 bits and the index takes no division: 36 minutes. */
const FAST_LIMIT_NANOS = 2 ** (32 + UNIT_BITS)
const INITIAL_BUCKETS = 4 * HALF

/** The buckets that hold something: small, and survives structured cloning between processes. `indexes` ascend. */
export interface SparseHistogram {
  readonly indexes: Uint16Array
  readonly counts: Float64Array
  readonly sum: number
  readonly minNanos: Nanos
  readonly maxNanos: Nanos
}

/**
 * Log-linear histogram of latencies: integer nanoseconds in, no upper clamp (the counts grow with the largest value,
 * up to 2^53 ns = 104 days). Minimum, maximum and mean are exact; percentiles are within a bucket.
 *
 * Data plane: `record` allocates nothing but for the rare growth. Measured in bench/recorder.bench.ts beside
 * hdr-histogram-js and perf_hooks' histogram; results in bench/results/recorder.json.
 */
export class Histogram {
  // Float64: a count can't overflow below 2^53, where Uint32 would within an hour of a fast mix.
  #counts = new Float64Array(INITIAL_BUCKETS)
  #count = 0
  #sum = 0
  #min = Number.POSITIVE_INFINITY
  #max = 0

  /** Values below 0 (a clock that steps back) count as 0. Throws for NaN and for values beyond 2^53. */
  record(nanos: Nanos): void {
    let index: number
    if (nanos >= 0 && nanos < FAST_LIMIT_NANOS) {
      const units = (nanos / UNIT_NANOS) >>> 0
      const octave = BASE_LEADING_ZEROS - Math.clz32(units | MASK)
      index = (octave << HALF_BITS) + (units >>> octave)
    } else {
      if (nanos < 0) nanos = 0
      index = bucketIndex(nanos)
    }
    if (index >= this.#counts.length) this.#grow(index)
    this.#counts[index]! += 1
    this.#count += 1
    this.#sum += nanos
    if (nanos < this.#min) this.#min = nanos
    if (nanos > this.#max) this.#max = nanos
  }

  /** As `record`, `times` times over. */
  recordTimes(nanos: Nanos, times: number): void {
    if (times === 0) return
    const index = bucketIndex(nanos)
    if (index >= this.#counts.length) this.#grow(index)
    this.#counts[index]! += times
    this.#count += times
    this.#sum += nanos * times
    if (nanos < this.#min) this.#min = nanos
    if (nanos > this.#max) this.#max = nanos
  }

  /** Adds `count` values of bucket `index`; for decoding. The bucket's highest value stands for each of them. */
  addBucket(index: number, count: number): void {
    if (count === 0) return
    if (index >= this.#counts.length) this.#grow(index)
    this.#counts[index]! += count
    this.#count += count
    const highest = bucketHighestNanos(index)
    const lowest = bucketLowestNanos(index)
    this.#sum += ((lowest + highest) / 2) * count
    if (lowest < this.#min) this.#min = lowest
    if (highest > this.#max) this.#max = highest
  }

  /** Replaces minimum, mean and maximum by exact ones known from beside the buckets (a decoded `Latency`). */
  restoreExact(minNanos: Nanos, meanNanos: number, maxNanos: Nanos): void {
    if (this.#count === 0) return
    this.#min = minNanos
    this.#max = maxNanos
    this.#sum = meanNanos * this.#count
  }

  get count(): number {
    return this.#count
  }

  /** NaN when empty, as are the other three figures. */
  get minNanos(): Nanos {
    return this.#count === 0 ? Number.NaN : this.#min
  }

  get maxNanos(): Nanos {
    return this.#count === 0 ? Number.NaN : this.#max
  }

  get meanNanos(): number {
    return this.#count === 0 ? Number.NaN : this.#sum / this.#count
  }

  /**
   * The smallest value (to within its bucket, rounded up) that at least `p` percent of the recorded values do not
   * exceed; 0 <= p <= 100. NaN when empty.
   */
  percentileNanos(p: number): Nanos {
    if (this.#count === 0) return Number.NaN
    return this.#valueAtRank(rankOf(p, this.#count))
  }

  /**
   * As `percentileNanos` of `total` values of which those that are not recorded here are larger than any: infinite where
   * the percentile is one of them.
   */
  percentileAmongNanos(p: number, total: number): Nanos {
    const rank = rankOf(p, total)
    return rank > this.#count ? Number.POSITIVE_INFINITY : this.#valueAtRank(rank)
  }

  /** As `percentileNanos` for several, ascending, in one walk over the buckets. */
  percentilesNanos(ascending: readonly number[]): Nanos[] {
    if (this.#count === 0) return ascending.map(() => Number.NaN)
    const values: Nanos[] = []
    let seen = 0
    let index = -1
    for (const p of ascending) {
      const rank = rankOf(p, this.#count)
      while (seen < rank) seen += this.#counts[++index]!
      values.push(this.#clampToRecorded(bucketHighestNanos(Math.max(0, index))))
    }
    return values
  }

  /** Calls `visit` for every bucket with a count, lowest first; `highest` is the largest value that falls into it. */
  forEachBucket(visit: (index: number, count: number, highest: Nanos) => void): void {
    const end = this.#usedEnd()
    for (let index = 0; index < end; index++) {
      const count = this.#counts[index]!
      if (count !== 0) visit(index, count, bucketHighestNanos(index))
    }
  }

  /** Adds everything `other` has recorded. The same as having recorded it all here. */
  merge(other: Histogram): void {
    if (other.#count === 0) return
    const end = other.#usedEnd()
    if (end > this.#counts.length) this.#grow(end - 1)
    const mine = this.#counts
    const theirs = other.#counts
    for (let index = 0; index < end; index++) mine[index]! += theirs[index]!
    this.#count += other.#count
    this.#sum += other.#sum
    if (other.#min < this.#min) this.#min = other.#min
    if (other.#max > this.#max) this.#max = other.#max
  }

  copy(): Histogram {
    const copy = new Histogram()
    copy.merge(this)
    return copy
  }

  /** As `merge`, from what `toSparse` gave. */
  mergeSparse(other: SparseHistogram): void {
    const { indexes, counts } = other
    if (indexes.length === 0) return
    const last = indexes[indexes.length - 1]!
    if (last >= this.#counts.length) this.#grow(last)
    for (let at = 0; at < indexes.length; at++) {
      const count = counts[at]!
      this.#counts[indexes[at]!]! += count
      this.#count += count
    }
    this.#sum += other.sum
    if (other.minNanos < this.#min) this.#min = other.minNanos
    if (other.maxNanos > this.#max) this.#max = other.maxNanos
  }

  toSparse(): SparseHistogram {
    const end = this.#usedEnd()
    let used = 0
    for (let index = 0; index < end; index++) if (this.#counts[index] !== 0) used++
    // 2^53 ns is bucket 46 079, so an index always fits in 16 bits.
    const indexes = new Uint16Array(used)
    const counts = new Float64Array(used)
    let at = 0
    for (let index = 0; index < end; index++) {
      const count = this.#counts[index]!
      if (count === 0) continue
      indexes[at] = index
      counts[at++] = count
    }
    return { indexes, counts, sum: this.#sum, minNanos: this.#min, maxNanos: this.#max }
  }

  /** Forgets everything; keeps the memory. */
  reset(): void {
    this.#counts.fill(0, 0, this.#usedEnd())
    this.#count = 0
    this.#sum = 0
    this.#min = Number.POSITIVE_INFINITY
    this.#max = 0
  }

  #valueAtRank(rank: number): Nanos {
    const counts = this.#counts
    let seen = 0
    for (let index = 0; index < counts.length; index++) {
      seen += counts[index]!
      if (seen >= rank) return this.#clampToRecorded(bucketHighestNanos(index))
    }
    return this.#max
  }

  /** A bucket's top may lie above the largest (or, for a lone low value, its bottom below the smallest) value seen. */
  #clampToRecorded(nanos: Nanos): Nanos {
    return Math.max(this.#min, Math.min(this.#max, nanos))
  }

  #usedEnd(): number {
    return this.#count === 0 ? 0 : Math.min(this.#counts.length, bucketIndex(this.#max) + 1)
  }

  #grow(index: number): void {
    let length = this.#counts.length
    while (length <= index) length *= 2
    const counts = new Float64Array(length)
    counts.set(this.#counts)
    this.#counts = counts
  }
}

/** At least one value, so that p = 0 is the smallest; the epsilon keeps 99.9 % of 1000 at 999, as in HdrHistogram. */
function rankOf(p: number, count: number): number {
  if (!(p >= 0 && p <= 100)) throw new RangeError(`percentile ${p} is not between 0 and 100`)
  return Math.min(count, Math.max(1, Math.ceil((p / 100) * count * (1 - 1e-14))))
}

/** Which bucket a value falls into. The same as the fast path of `record`, for every value up to 2^53. */
export function bucketIndex(nanos: Nanos): number {
  if (!(nanos >= 0 && nanos <= Number.MAX_SAFE_INTEGER)) throw new RangeError(`latency of ${nanos} ns`)
  const units = Math.floor(nanos / UNIT_NANOS)
  let octave = 0
  let scaled = units
  while (scaled > MASK) {
    scaled = Math.floor(scaled / 2)
    octave++
  }
  return octave * HALF + scaled
}

export function bucketLowestNanos(index: number): Nanos {
  const octave = Math.max(0, (index >>> HALF_BITS) - 1)
  return (index - octave * HALF) * 2 ** octave * UNIT_NANOS
}

/** The largest value that falls into the bucket. */
export function bucketHighestNanos(index: number): Nanos {
  const octave = Math.max(0, (index >>> HALF_BITS) - 1)
  return (index - octave * HALF + 1) * 2 ** octave * UNIT_NANOS - 1
}
