import type { Stream } from '../../runtime/runtime.ts'
import type { ValuesSpec } from '../workload.ts'
import { createValueSize, MIN_VALUE_BYTES } from './value-size.ts'

/** More sizes than this are not drawn: what a hundred thousandth of a tail adds is not worth the seconds. */
const MOST_DRAWN = 2 ** 20

/** Bytes of the largest value of keys 0 to `keyCount` - 1, drawn from the stream that their values are made with. */
export function largestValueBytes(spec: ValuesSpec['size'], keyCount: number, stream: Stream): number {
  if (spec.kind === 'uniform') return Math.max(MIN_VALUE_BYTES, spec.maxBytes)
  const size = createValueSize(spec, stream)
  let largest = 0
  const drawn = spec.kind === 'fixed' ? 1 : Math.min(keyCount, MOST_DRAWN)
  for (let keyId = 0; keyId < drawn; keyId++) largest = Math.max(largest, size(keyId))
  return largest
}
