import { allocateNumbers, type ColumnType, type NumberArray } from './history-columns.ts'

/**
 * How a column's numbers stand in a segment: one byte for the form, then the data, little-endian as every platform
 * that Node runs on in practice. Cheap to write rather than small: a segment is written while load is made, and lives
 * only until the run ends.
 *
 * - raw: the array as it is in memory
 * - constant: one float64, when every row has the same value (instance, block, often phase and node)
 * - offsets: float64 base, float64 absent value, then uint32 per row: value = base + n, or the absent value for
 *   2^32 - 1. For integers that span less than 2^32 around a stand-in for "none" (-1 or NaN): a second's time stamps.
 */
const RAW = 0
const CONSTANT = 1
const OFFSETS = 2
const ABSENT = 0xffffffff

/** The pieces of a column, in order, to be copied behind each other. */
export function encodeNumbers(values: NumberArray): Uint8Array[] {
  if (values.length > 0 && isConstant(values)) return [Uint8Array.of(CONSTANT), bytesOf(Float64Array.of(values[0]!))]
  if (values instanceof Float64Array) {
    const offsets = encodeOffsets(values)
    if (offsets) return [Uint8Array.of(OFFSETS), ...offsets]
  }
  return [Uint8Array.of(RAW), bytesOf(values)]
}

/** The numbers, and where the next column begins; undefined when the bytes can't be such a column. */
export function decodeNumbers(bytes: Uint8Array, at: number, type: ColumnType, rows: number): { values: NumberArray; next: number } | undefined {
  const values = allocateNumbers(type, rows)
  const form = bytes[at]
  const start = at + 1
  if (form === RAW) {
    const next = start + values.byteLength
    if (next > bytes.length) return undefined
    bytesOf(values).set(bytes.subarray(start, next))
    return { values, next }
  }
  if (form === CONSTANT) {
    const next = start + 8
    if (next > bytes.length) return undefined
    values.fill(viewOf(bytes).getFloat64(start, true))
    return { values, next }
  }
  if (form === OFFSETS && type === 'float64') {
    const next = start + 16 + 4 * rows
    if (next > bytes.length) return undefined
    const base = viewOf(bytes).getFloat64(start, true)
    const absent = viewOf(bytes).getFloat64(start + 8, true)
    const offsets = new Uint32Array(rows)
    bytesOf(offsets).set(bytes.subarray(start + 16, next))
    for (let row = 0; row < rows; row++) values[row] = offsets[row] === ABSENT ? absent : base + offsets[row]!
    return { values, next }
  }
  return undefined
}

export function bytesOf(values: NumberArray): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function isConstant(values: NumberArray): boolean {
  const first = values[0]!
  for (let row = 1; row < values.length; row++) if (!Object.is(values[row], first)) return false
  return true
}

function encodeOffsets(values: Float64Array): Uint8Array[] | undefined {
  let base = Number.POSITIVE_INFINITY
  let largest = Number.NEGATIVE_INFINITY
  let nans = 0
  let minusOnes = 0
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!
    if (Number.isNaN(value)) nans++
    else if (value === -1) minusOnes++
    else if (!Number.isSafeInteger(value) || Object.is(value, -0)) return undefined
    else {
      if (value < base) base = value
      if (value > largest) largest = value
    }
  }
  if (nans > 0 && minusOnes > 0) return undefined
  if (base > largest || largest - base >= ABSENT || !Number.isSafeInteger(largest - base)) return undefined
  const absent = nans > 0 ? Number.NaN : -1
  const offsets = new Uint32Array(values.length)
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!
    offsets[row] = value === -1 || Number.isNaN(value) ? ABSENT : value - base
  }
  return [bytesOf(Float64Array.of(base, absent)), bytesOf(offsets)]
}
