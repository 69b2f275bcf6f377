import { deflateSync, inflateSync } from 'node:zlib'
import { bucketHighestNanos, bucketIndex, Histogram } from './histogram.ts'

// HdrHistogram's V2 encoding (github.com/HdrHistogram/HdrHistogram, AbstractHistogram.java: encodeIntoByteBuffer,
// encodeIntoCompressedByteBuffer). The low nibble's 0x10 says that counts are ZigZag LEB128 words.
const V2_COOKIE = 0x1c849303 | 0x10
const V2_COMPRESSED_COOKIE = 0x1c849304 | 0x10
const HEADER_BYTES = 40
const COMPRESSED_HEADER_BYTES = 8
const SIGNIFICANT_DIGITS = 3
/** Values are nanoseconds; told apart from 1 us on. */
const LOWEST_DISCERNIBLE_NANOS = 1000n
/** The buckets up to 2^53 ns: what lies in a later one is no latency that a histogram can hold. */
const MAX_BUCKETS = bucketIndex(Number.MAX_SAFE_INTEGER) + 1

/** The histogram as compressed, base64 HdrHistogram V2, in nanoseconds. Equal histograms give equal texts. */
export function encodeHdrV2(histogram: Histogram): string {
  const payload: number[] = []
  let next = 0
  let highest = 2 * Number(LOWEST_DISCERNIBLE_NANOS)
  histogram.forEachBucket((index, count, highestNanos) => {
    // Runs of empty buckets are one negative word; a single one is a zero, as the reference writes it.
    const zeros = index - next
    if (zeros === 1) putZigZag(payload, 0)
    else if (zeros > 1) putZigZag(payload, -zeros)
    putZigZag(payload, count)
    next = index + 1
    highest = Math.max(highest, highestNanos)
  })

  const plain = Buffer.alloc(HEADER_BYTES + payload.length)
  plain.writeUInt32BE(V2_COOKIE, 0)
  plain.writeUInt32BE(payload.length, 4)
  plain.writeUInt32BE(0, 8) // normalizing index offset
  plain.writeUInt32BE(SIGNIFICANT_DIGITS, 12)
  plain.writeBigInt64BE(LOWEST_DISCERNIBLE_NANOS, 16)
  plain.writeBigInt64BE(BigInt(highest), 24)
  plain.writeDoubleBE(1, 32) // integer-to-double conversion ratio
  plain.set(payload, HEADER_BYTES)

  const compressed = deflateSync(plain)
  const out = Buffer.alloc(COMPRESSED_HEADER_BYTES + compressed.length)
  out.writeUInt32BE(V2_COMPRESSED_COOKIE, 0)
  out.writeUInt32BE(compressed.length, 4)
  out.set(compressed, COMPRESSED_HEADER_BYTES)
  return out.toString('base64')
}

/**
 * The histogram of a text that `encodeHdrV2` (or another HdrHistogram of the same unit and precision) wrote. Counts
 * are exact; minimum, maximum and mean are those of the buckets. Throws `HdrFormatError` for anything else.
 */
export function decodeHdrV2(base64: string): Histogram {
  const outer = Buffer.from(base64, 'base64')
  if (outer.length < COMPRESSED_HEADER_BYTES || outer.readUInt32BE(0) !== V2_COMPRESSED_COOKIE) {
    throw new HdrFormatError('not a compressed HdrHistogram V2 text')
  }
  const compressed = outer.subarray(COMPRESSED_HEADER_BYTES, COMPRESSED_HEADER_BYTES + outer.readUInt32BE(4))
  const plain = inflate(compressed)
  if (plain.length < HEADER_BYTES || plain.readUInt32BE(0) !== V2_COOKIE) throw new HdrFormatError('not an HdrHistogram V2 payload')
  const digits = plain.readUInt32BE(12)
  const lowest = plain.readBigInt64BE(16)
  if (digits !== SIGNIFICANT_DIGITS || lowest !== LOWEST_DISCERNIBLE_NANOS) {
    throw new HdrFormatError(`expected ${SIGNIFICANT_DIGITS} digits from ${LOWEST_DISCERNIBLE_NANOS} ns, got ${digits} from ${lowest}`)
  }
  const end = HEADER_BYTES + plain.readUInt32BE(4)
  if (end > plain.length) throw new HdrFormatError('the payload is cut short')

  const histogram = new Histogram()
  const cursor = { at: HEADER_BYTES }
  let index = 0
  while (cursor.at < end) {
    const word = takeZigZag(plain, cursor, end)
    if (word < 0) {
      index -= word
    } else {
      if (index >= MAX_BUCKETS) throw new HdrFormatError(`bucket ${index} is beyond ${bucketHighestNanos(MAX_BUCKETS - 1)} ns`)
      histogram.addBucket(index++, word)
    }
  }
  return histogram
}

export class HdrFormatError extends Error {
  readonly code = 'hdr-format'
}

function inflate(compressed: Buffer): Buffer {
  try {
    // The largest honest payload: every bucket with a nine-byte count.
    return inflateSync(compressed, { maxOutputLength: HEADER_BYTES + 9 * MAX_BUCKETS })
  } catch {
    throw new HdrFormatError('the compressed payload is damaged')
  }
}

/** ZigZag, then little-endian base 128 of at most nine bytes. Arithmetic, not bit operations: counts may pass 2^31. */
function putZigZag(out: number[], value: number): void {
  let rest = value >= 0 ? value * 2 : -value * 2 - 1
  while (rest >= 128) {
    out.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  out.push(rest)
}

function takeZigZag(bytes: Buffer, cursor: { at: number }, end: number): number {
  let value = 0
  let scale = 1
  for (let taken = 0; taken < 9; taken++) {
    if (cursor.at >= end) throw new HdrFormatError('a count is cut short')
    const byte = bytes[cursor.at++]!
    value += (taken === 8 ? byte : byte & 0x7f) * scale
    if (byte < 128 || taken === 8) break
    scale *= 128
  }
  if (value > Number.MAX_SAFE_INTEGER) throw new HdrFormatError('a count is larger than 2^53')
  // A remainder of what passes 31 bits is a call out of JavaScript; nearly no count does.
  if (value <= 0x7fffffff) return (value & 1) === 0 ? value / 2 : -(value + 1) / 2
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}
