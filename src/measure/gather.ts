import type { NumberArray } from './history-columns.ts'

/**
 * to[row] = from[order[row]] for arrays of one type. One loop per width: a single loop that sees every kind of typed
 * array takes four times as long, because its accesses can't be compiled for one of them.
 */
export function gather(from: NumberArray, to: NumberArray, order: Uint32Array): void {
  if (from instanceof Float64Array && to instanceof Float64Array) gatherFloat64(from, to, order)
  else if (from instanceof Uint8Array && to instanceof Uint8Array) gatherUint8(from, to, order)
  else if (from instanceof Uint16Array && to instanceof Uint16Array) gatherUint16(from, to, order)
  else gatherUint32(asUint32(from), asUint32(to), order)
}

function gatherFloat64(from: Float64Array, to: Float64Array, order: Uint32Array): void {
  for (let row = 0; row < to.length; row++) to[row] = from[order[row]!]!
}

function gatherUint8(from: Uint8Array, to: Uint8Array, order: Uint32Array): void {
  for (let row = 0; row < to.length; row++) to[row] = from[order[row]!]!
}

function gatherUint16(from: Uint16Array, to: Uint16Array, order: Uint32Array): void {
  for (let row = 0; row < to.length; row++) to[row] = from[order[row]!]!
}

function gatherUint32(from: Uint32Array, to: Uint32Array, order: Uint32Array): void {
  for (let row = 0; row < to.length; row++) to[row] = from[order[row]!]!
}

function asUint32(values: NumberArray): Uint32Array {
  if (values.BYTES_PER_ELEMENT !== 4) throw new TypeError('columns of different types')
  return new Uint32Array(values.buffer, values.byteOffset, values.length)
}
