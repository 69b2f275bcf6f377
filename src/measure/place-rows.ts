import type { NumberArray } from './history-columns.ts'

/** Which rows go where: row `rows[i]` to place `places[i]`, for the first `count`. */
export interface Placing {
  readonly rows: Uint32Array
  readonly places: Uint32Array
  readonly count: number
}

/** Whether rows that stand behind each other go to places that do, so that they can be copied in one go. */
export function isOneStretch({ rows, places, count }: Placing): boolean {
  for (let i = 1; i < count; i++) if (rows[i] !== rows[0]! + i || places[i] !== places[0]! + i) return false
  return true
}

/** to[places[i]] = from[rows[i]], for arrays of one type. One loop per width, as in `gather`. */
export function placeRows(from: NumberArray, to: NumberArray, placing: Placing): void {
  if (from instanceof Float64Array && to instanceof Float64Array) placeFloat64(from, to, placing)
  else if (from instanceof Uint8Array && to instanceof Uint8Array) placeUint8(from, to, placing)
  else if (from instanceof Uint16Array && to instanceof Uint16Array) placeUint16(from, to, placing)
  else placeUint32(asUint32(from), asUint32(to), placing)
}

/** to[places[i]] = codes[from[rows[i]]]. */
export function placeCodes(from: NumberArray, to: NumberArray, { rows, places, count }: Placing, codes: Uint16Array): void {
  for (let i = 0; i < count; i++) to[places[i]!] = codes[from[rows[i]!]!]!
}

function placeFloat64(from: Float64Array, to: Float64Array, { rows, places, count }: Placing): void {
  for (let i = 0; i < count; i++) to[places[i]!] = from[rows[i]!]!
}

function placeUint8(from: Uint8Array, to: Uint8Array, { rows, places, count }: Placing): void {
  for (let i = 0; i < count; i++) to[places[i]!] = from[rows[i]!]!
}

function placeUint16(from: Uint16Array, to: Uint16Array, { rows, places, count }: Placing): void {
  for (let i = 0; i < count; i++) to[places[i]!] = from[rows[i]!]!
}

function placeUint32(from: Uint32Array, to: Uint32Array, { rows, places, count }: Placing): void {
  for (let i = 0; i < count; i++) to[places[i]!] = from[rows[i]!]!
}

function asUint32(values: NumberArray): Uint32Array {
  if (values.BYTES_PER_ELEMENT !== 4) throw new TypeError('columns of different types')
  return new Uint32Array(values.buffer, values.byteOffset, values.length)
}
