import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type JsHistogram } from 'hdr-histogram-js'
import { describe, expect, it } from 'vitest'
import { decodeHdrV2, encodeHdrV2, HdrFormatError } from './hdr-v2.ts'
import { bucketHighestNanos, bucketIndex, bucketLowestNanos, Histogram } from './histogram.ts'
import { histogramOf, isPrintablePercentile, latencyOf, mergedHistogram } from './latency.ts'
import { percentileSpectrum } from './percentile-spectrum.ts'

const SEED = 20261124

/** Spread over all magnitudes, with the edges of the fast path. */
const latency = fc.oneof(
  fc.integer({ min: 0, max: 5_000_000 }),
  fc.tuple(fc.integer({ min: 0, max: 43 }), fc.double({ min: 1, max: 2, noNaN: true })).map(([exponent, scale]) => Math.floor(scale * 2 ** exponent)),
  fc.constantFrom(0, 511, 512, 2 ** 20, 2 ** 31, 2 ** 32, 2 ** 41 - 1, 2 ** 41, 2 ** 50),
)
const latencies = fc.array(latency, { minLength: 1, maxLength: 300 })

function recorded(values: readonly number[]): Histogram {
  const histogram = new Histogram()
  for (const value of values) histogram.record(value)
  return histogram
}

function oracle(values: readonly number[]): JsHistogram {
  const histogram = build({ lowestDiscernibleValue: 1000, highestTrackableValue: 2 ** 46, numberOfSignificantValueDigits: 3, bitBucketSize: 64 })
  for (const value of values) histogram.recordValue(value)
  return histogram as JsHistogram
}

function figures(histogram: Histogram) {
  const buckets: [number, number][] = []
  histogram.forEachBucket((index, count) => {
    // A walk that goes wrong may never end: it fails, and fills no memory.
    if (buckets.push([index, count]) > 50_000) throw new Error('more buckets than there are')
  })
  return { buckets, count: histogram.count, min: histogram.minNanos, max: histogram.maxNanos }
}

describe('Histogram', () => {
  it('has percentiles within 0.1 % or 512 ns above the exact ones, never below', () => {
    fc.assert(
      fc.property(latencies, fc.double({ min: 0, max: 100, noNaN: true }), (values, p) => {
        const sorted = [...values].sort((a, b) => a - b)
        const exact = sorted[Math.max(1, Math.ceil((p / 100) * values.length * (1 - 1e-14))) - 1]!
        const found = recorded(values).percentileNanos(p)
        expect(found).toBeGreaterThanOrEqual(exact)
        expect(found - exact).toBeLessThanOrEqual(Math.max(512, exact * 0.001))
      }),
      { seed: SEED },
    )
  })

  it('knows count, minimum, maximum and mean exactly', () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const histogram = recorded(values)
        expect(histogram.count).toBe(values.length)
        expect(histogram.minNanos).toBe(Math.min(...values))
        expect(histogram.maxNanos).toBe(Math.max(...values))
        expect(histogram.meanNanos).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 0)
      }),
      { seed: SEED },
    )
  })

  it('merges to what recording everything together gives', () => {
    fc.assert(
      fc.property(latencies, fc.array(latency), (a, b) => {
        const merged = recorded(a)
        merged.merge(recorded(b))
        expect(figures(merged)).toEqual(figures(recorded([...a, ...b])))
        const fromSparse = recorded(a)
        fromSparse.mergeSparse(structuredClone(recorded(b).toSparse()))
        expect(figures(fromSparse)).toEqual(figures(merged))
        expect(fromSparse.meanNanos).toBe(merged.meanNanos)
        expect(figures(recorded(a).copy())).toEqual(figures(recorded(a)))
      }),
      { seed: SEED },
    )
  })

  it('forgets everything on reset', () => {
    fc.assert(
      fc.property(latencies, latencies, (before, after) => {
        const histogram = recorded(before)
        histogram.reset()
        expect(figures(histogram)).toEqual(figures(new Histogram()))
        for (const value of after) histogram.record(value)
        expect(figures(histogram)).toEqual(figures(recorded(after)))
      }),
      { seed: SEED },
    )
  })

  it('gives the same percentiles from one walk as one by one', () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const histogram = recorded(values)
        const ps = [0, 1, 50, 90, 99, 99.9, 100]
        expect(histogram.percentilesNanos(ps)).toEqual(ps.map((p) => histogram.percentileNanos(p)))
      }),
      { seed: SEED },
    )
  })

  it('puts every value into the bucket that spans it', () => {
    fc.assert(
      fc.property(latency, (value) => {
        const index = bucketIndex(value)
        expect(bucketLowestNanos(index)).toBeLessThanOrEqual(value)
        expect(bucketHighestNanos(index)).toBeGreaterThanOrEqual(value)
        expect(figures(recorded([value])).buckets).toEqual([[index, 1]])
        expect(bucketIndex(bucketHighestNanos(index) + 1)).toBe(index + 1)
        expect(bucketLowestNanos(index)).toBe(index === 0 ? 0 : bucketHighestNanos(index - 1) + 1)
      }),
      { seed: SEED },
    )
  })

  it('records a value many times as it would one by one', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(latency, fc.nat({ max: 5 })), { maxLength: 40 }), (given) => {
        const atOnce = new Histogram()
        for (const [value, times] of given) atOnce.recordTimes(value, times)
        const oneByOne = recorded(given.flatMap(([value, times]) => Array.from({ length: times }, () => value)))
        expect(figures(atOnce)).toEqual(figures(oneByOne))
        if (oneByOne.count > 0)
          expect(atOnce.meanNanos / Math.max(1, oneByOne.meanNanos)).toBeCloseTo(oneByOne.meanNanos / Math.max(1, oneByOne.meanNanos), 9)
      }),
      { seed: SEED },
    )
  })

  it('has percentiles among values that are not recorded and larger than any', () => {
    fc.assert(
      fc.property(latencies, fc.nat({ max: 50 }), fc.double({ min: 0, max: 100, noNaN: true }), (values, larger, p) => {
        const histogram = recorded(values)
        const total = values.length + larger
        const rank = Math.max(1, Math.ceil((p / 100) * total * (1 - 1e-14)))
        const found = histogram.percentileAmongNanos(p, total)
        if (rank > values.length) expect(found).toBe(Number.POSITIVE_INFINITY)
        else expect(bucketIndex(found)).toBe(bucketIndex([...values].sort((a, b) => a - b)[rank - 1]!))
        expect(histogram.percentileAmongNanos(p, values.length)).toBe(histogram.percentileNanos(p))
      }),
      { seed: SEED },
    )
    expect(recorded([1, 1]).percentileAmongNanos(50, 4)).toBe(1)
    expect(recorded([1, 1]).percentileAmongNanos(51, 4)).toBe(Number.POSITIVE_INFINITY)
  })

  it('knows of a bucket that is added what the bucket spans', () => {
    const histogram = new Histogram()
    histogram.addBucket(9, 0)
    expect(figures(histogram)).toEqual(figures(new Histogram()))
    histogram.addBucket(5_000, 3)
    expect(figures(histogram)).toEqual({ buckets: [[5_000, 3]], count: 3, min: bucketLowestNanos(5_000), max: bucketHighestNanos(5_000) })
    expect(histogram.meanNanos).toBe((bucketLowestNanos(5_000) + bucketHighestNanos(5_000)) / 2)
    histogram.addBucket(2, 1)
    expect(histogram).toMatchObject({ count: 4, minNanos: bucketLowestNanos(2), maxNanos: bucketHighestNanos(5_000) })
    histogram.addBucket(3, 1)
    expect(histogram).toMatchObject({ count: 5, minNanos: bucketLowestNanos(2), maxNanos: bucketHighestNanos(5_000) })
    // Nothing is known exactly of what was never recorded.
    const empty = new Histogram()
    empty.restoreExact(1, 2, 3)
    expect(empty.maxNanos).toBeNaN()
    empty.record(700)
    expect(figures(empty)).toEqual(figures(recorded([700])))
  })

  it('ends with its last bucket, also where that is the last it has room for', () => {
    for (const last of [4_095, 8_191]) {
      const full = recorded([bucketLowestNanos(last)])
      expect(figures(full).buckets).toEqual([[last, 1]])
      expect([...full.toSparse().indexes]).toEqual([last])
      const larger = recorded([bucketLowestNanos(last + 5)])
      larger.merge(full)
      expect(figures(larger).buckets).toEqual([
        [last, 1],
        [last + 5, 1],
      ])
    }
  })

  it('tells each bucket with the largest value that falls into it', () => {
    const seen: number[][] = []
    recorded([0, 600, 600, 3e9]).forEachBucket((index, count, highest) => seen.push([index, count, highest]))
    const top = bucketIndex(3e9)
    expect(seen).toEqual([
      [0, 1, 511],
      [1, 2, 1_023],
      [top, 1, bucketHighestNanos(top)],
    ])
  })

  it('has nothing to say when empty', () => {
    const empty = new Histogram()
    expect([empty.minNanos, empty.maxNanos, empty.meanNanos, empty.percentileNanos(50)]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN])
    expect(empty.percentilesNanos([50, 99])).toEqual([Number.NaN, Number.NaN])
  })

  it('counts a negative latency as none and refuses what is no latency', () => {
    expect(figures(recorded([-5]))).toEqual(figures(recorded([0])))
    expect(() => recorded([Number.NaN])).toThrow(RangeError)
    expect(() => recorded([2 ** 54])).toThrow(RangeError)
    expect(recorded([Number.MAX_SAFE_INTEGER]).maxNanos).toBe(Number.MAX_SAFE_INTEGER)
    expect(() => bucketIndex(-1)).toThrow(RangeError)
    for (const p of [-1, 101, Number.NaN]) expect(() => recorded([1]).percentileNanos(p), String(p)).toThrow(RangeError)
  })

  it('sees an outage of an hour', () => {
    const hour = 3600e9
    expect(recorded([...Array.from({ length: 99 }, () => 1000), hour]).percentileNanos(100)).toBe(hour)
  })
})

describe('HdrHistogram V2', () => {
  it('is read by hdr-histogram-js with the same count at every percentile', () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const ours = recorded(values)
        const theirs = decodeFromCompressedBase64(encodeHdrV2(ours), 64) as JsHistogram
        expect(theirs.totalCount).toBe(values.length)
        // Bucket by bucket: theirs answers with the bucket's top, ours not above the largest value seen.
        for (const p of [10, 50, 90, 99, 100]) expect(bucketIndex(theirs.getValueAtPercentile(p))).toBe(bucketIndex(ours.percentileNanos(p)))
      }),
      { seed: SEED, numRuns: 50 },
    )
  })

  it('reads what hdr-histogram-js wrote, and keeps counts one to one', () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const read = decodeHdrV2(encodeIntoCompressedBase64(oracle(values)))
        expect(figures(read).buckets).toEqual(figures(recorded(values)).buckets)
      }),
      { seed: SEED, numRuns: 50 },
    )
  })

  it('comes back as it went', () => {
    fc.assert(
      fc.property(fc.array(latency), (values) => {
        const histogram = recorded(values)
        expect(figures(decodeHdrV2(encodeHdrV2(histogram))).buckets).toEqual(figures(histogram).buckets)
      }),
      { seed: SEED },
    )
  })

  it('keeps counts beyond 32 bits', () => {
    const histogram = new Histogram()
    histogram.addBucket(7, 2 ** 45)
    expect(figures(decodeHdrV2(encodeHdrV2(histogram))).buckets).toEqual([[7, 2 ** 45]])
  })

  it('refuses damaged text with its own error and nothing else', () => {
    const good = Buffer.from(encodeHdrV2(recorded([1000, 2000, 3e9])), 'base64')
    fc.assert(
      fc.property(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }), fc.nat({ max: good.length }), (at, byte, length) => {
        const damaged = Buffer.from(good)
        damaged[at] = byte
        try {
          decodeHdrV2(damaged.subarray(0, length).toString('base64'))
        } catch (error) {
          expect(error).toBeInstanceOf(HdrFormatError)
        }
      }),
      { seed: SEED, numRuns: 300 },
    )
    expect(() => decodeHdrV2('')).toThrow(HdrFormatError)
  })

  it('refuses another unit or precision, whose buckets would mean other values', () => {
    const micros = build({ lowestDiscernibleValue: 1, highestTrackableValue: 2 ** 40, numberOfSignificantValueDigits: 3 }) as JsHistogram
    micros.recordValue(5)
    expect(() => decodeHdrV2(encodeIntoCompressedBase64(micros))).toThrow('expected 3 digits from 1000 ns, got 3 from 1')
  })
})

describe('a text of HdrHistogram V2', () => {
  interface Parts {
    readonly outerCookie?: number
    readonly cookie?: number
    readonly digits?: number
    /** As it says of itself. */
    readonly payloadBytes?: number
    /** Behind the payload. */
    readonly more?: readonly number[]
  }
  const outer = (plain: Uint8Array, cookie = 0x1c849314) => {
    const compressed = deflateSync(plain)
    const head = Buffer.alloc(8)
    head.writeUInt32BE(cookie, 0)
    head.writeUInt32BE(compressed.length, 4)
    return Buffer.concat([head, compressed]).toString('base64')
  }
  function textOf(
    payload: readonly number[],
    { outerCookie, cookie = 0x1c849313, digits = 3, payloadBytes = payload.length, more = [] }: Parts = {},
  ) {
    const head = Buffer.alloc(40)
    head.writeUInt32BE(cookie, 0)
    head.writeUInt32BE(payloadBytes, 4)
    head.writeUInt32BE(digits, 12)
    head.writeBigInt64BE(1000n, 16)
    return outer(Buffer.concat([head, Buffer.from([...payload, ...more])]), outerCookie)
  }
  const bucketsOf = (text: string) => figures(decodeHdrV2(text)).buckets
  /** ZigZag: twice the count, or twice the run of empty buckets less one. */
  const word = (value: number): number[] => (value < 128 ? [value] : [(value % 128) + 128, ...word(Math.floor(value / 128))])
  const MANY = bucketIndex(Number.MAX_SAFE_INTEGER) + 1

  it('is a run of words: counts, and runs of empty buckets', () => {
    expect(bucketsOf(textOf([...word(2 * 5), ...word(2 * 3 - 1), ...word(2 * 9)]))).toEqual([
      [0, 5],
      [4, 9],
    ])
    // What stands behind the payload is none of it.
    expect(bucketsOf(textOf(word(2), { more: word(4) }))).toEqual([[0, 1]])
  })

  it.each([1, 63, 64, 65, 8_191, 8_192, 2 ** 31, 2 ** 52 - 1])('keeps a count of %d', (count) => {
    const histogram = new Histogram()
    histogram.addBucket(7, count)
    expect(bucketsOf(encodeHdrV2(histogram))).toEqual([[7, count]])
  })

  it('reaches to the last bucket that there is', () => {
    expect(bucketsOf(textOf([...word(2 * (MANY - 1) - 1), ...word(2)]))).toEqual([[MANY - 1, 1]])
    const beyond = `bucket ${MANY} is beyond ${bucketHighestNanos(MANY - 1)} ns`
    expect(() => decodeHdrV2(textOf([...word(2 * MANY - 1), ...word(2)]))).toThrow(beyond)
  })

  it.each([
    ['not a compressed', textOf([2], { outerCookie: 0x1c849313 })],
    ['not a compressed', Buffer.from([0x1c, 0x84, 0x93, 0x14, 0, 0, 0]).toString('base64')],
    ['payload is damaged', Buffer.from([0x1c, 0x84, 0x93, 0x14, 0, 0, 0, 0]).toString('base64')],
    ['payload is damaged', outer(Buffer.alloc(1_000_000))],
    ['not an HdrHistogram V2 payload', outer(Buffer.from([0x1c, 0x84, 0x93]))],
    ['not an HdrHistogram V2 payload', outer(Buffer.concat([Buffer.from([0x1c, 0x84, 0x93, 0x13]), Buffer.alloc(35)]))],
    ['not an HdrHistogram V2 payload', textOf([2], { cookie: 0x1c849303 })],
    ['expected 3 digits from 1000 ns, got 2 from 1000', textOf([2], { digits: 2 })],
    ['the payload is cut short', textOf([2], { payloadBytes: 2 })],
    ['a count is cut short', textOf([0x80], { more: [1] })],
    ['a count is larger than 2^53', textOf([...Array.from({ length: 8 }, () => 0x80), 1])],
    ['a count is larger than 2^53', textOf([...Array.from({ length: 8 }, () => 0x80), 0x80, 2])],
  ])('%s', (message, text) => {
    expect(() => decodeHdrV2(text)).toThrow(message)
    expect(() => decodeHdrV2(text)).toThrow(HdrFormatError)
  })

  it('has words of up to 2^53, and no larger', () => {
    expect(bucketsOf(textOf([...Array.from({ length: 7 }, () => 0xff), 0x0f]))).toEqual([])
  })
})

describe('latencyOf', () => {
  it('prints a percentile only where at least 100 values lie beyond it, the median always', () => {
    const of = (count: number) => Object.keys(latencyOf(recorded(Array.from({ length: count }, (_, n) => n * 1000)))!.percentilesNanos)
    expect(of(1)).toEqual(['50'])
    expect(of(999)).toEqual(['50'])
    expect(of(1000)).toEqual(['50', '90'])
    expect(of(10_000)).toEqual(['50', '90', '99'])
    expect(of(100_000)).toEqual(['50', '90', '99', '99.9'])
    expect(isPrintablePercentile(99.99, 1_000_000)).toBe(true)
    expect(isPrintablePercentile(99.99, 999_999)).toBe(false)
  })

  it('comes back to a histogram with the same exact figures', () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const before = latencyOf(recorded(values))!
        expect(latencyOf(histogramOf(before))).toEqual({ ...before, meanNanos: expect.closeTo(before.meanNanos, 0) })
      }),
      { seed: SEED },
    )
  })

  it('of several is that of all their values', () => {
    fc.assert(
      fc.property(fc.array(latencies, { maxLength: 4 }), (parts) => {
        expect(figures(mergedHistogram(parts.map((values) => latencyOf(recorded(values))!)))).toEqual(figures(recorded(parts.flat())))
      }),
      { seed: SEED, numRuns: 50 },
    )
  })

  it('is absent where nothing was recorded', () => {
    expect(latencyOf(new Histogram())).toBeUndefined()
  })
})

describe('percentileSpectrum', () => {
  it('rises from the smallest to the largest, over one point a tick and half distance', () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const points = percentileSpectrum(recorded(values))
        expect(points.at(-1)).toEqual({ percentile: 100, x: values.length, nanos: Math.max(...values) })
        for (let n = 1; n < points.length; n++) {
          expect(points[n]!.x).toBeGreaterThan(points[n - 1]!.x)
          expect(points[n]!.nanos).toBeGreaterThanOrEqual(points[n - 1]!.nanos)
        }
      }),
      { seed: SEED },
    )
    const thousand = percentileSpectrum(recorded(Array.from({ length: 1024 }, (_, n) => (n + 1) * 1_000_000)))
    expect(thousand).toHaveLength(5 * 10 + 1)
    expect(thousand.find(({ x }) => x === 2)?.percentile).toBe(50)
    expect(percentileSpectrum(new Histogram())).toEqual([])
  })
})
