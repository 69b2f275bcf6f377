import { bytesPerValue, type ColumnType, type NumberArray } from './history-columns.ts'

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

/** Fills `values` with the numbers of a column. Returns where the next column begins; undefined when the bytes can't be such a column. */
export function decodeNumbers(bytes: Uint8Array, at: number, values: NumberArray): number | undefined {
  const next = nextColumn(bytes, at, values.BYTES_PER_ELEMENT, values instanceof Float64Array, values.length)
  if (next === undefined) return undefined
  const start = at + 1
  if (bytes[at] === RAW) bytesOf(values).set(bytes.subarray(start, next))
  else if (bytes[at] === CONSTANT) values.fill(viewOf(bytes).getFloat64(start, true))
  else decodeOffsets(bytes, start, values as Float64Array)
  return next
}

/** Where the column behind one of `rows` values begins, without decoding it; undefined when the bytes can't be such a column. */
export function skipNumbers(bytes: Uint8Array, at: number, type: ColumnType, rows: number): number | undefined {
  return nextColumn(bytes, at, bytesPerValue(type), type === 'float64', rows)
}

function nextColumn(bytes: Uint8Array, at: number, width: number, isFloat64: boolean, rows: number): number | undefined {
  const data = at + 1
  const form = bytes[at]
  let next: number
  if (form === RAW) next = data + width * rows
  else if (form === CONSTANT) next = data + 8
  else if (form === OFFSETS && isFloat64) next = data + 16 + 4 * rows
  else return undefined
  return next <= bytes.length ? next : undefined
}

/** The bytes of a segment stand anywhere; numbers of four bytes have to be aligned to be read as such. */
let aligned = new Uint32Array(0)

function decodeOffsets(bytes: Uint8Array, at: number, values: Float64Array): void {
  const rows = values.length
  if (aligned.length < rows) aligned = new Uint32Array(rows)
  const offsets = aligned
  bytesOf(offsets).set(bytes.subarray(at + 16, at + 16 + 4 * rows))
  const base = viewOf(bytes).getFloat64(at, true)
  const absent = viewOf(bytes).getFloat64(at + 8, true)
  for (let row = 0; row < rows; row++) {
    const offset = offsets[row]!
    values[row] = offset === ABSENT ? absent : base + offset
  }
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
