import type { Stream } from '../../runtime/runtime.ts'
import type { ValuesSpec } from '../workload.ts'
import { normalQuantile } from './normal-quantile.ts'

/** Room for the longest header and the trailer, see `create-value-maker.ts`. A smaller size is raised to this. */
export const MIN_VALUE_BYTES = 40
/** What Redis holds in one string; a lognormal tail ends here. */
export const MAX_VALUE_BYTES = 512 * 1024 * 1024

/** Standard normal quantile of 0.99. */
const Z_P99 = 2.3263478740408408

/** Bytes of a key's value: a pure function of (seed, key id), so that a key's value never changes size. */
export function createValueSize(spec: ValuesSpec['size'], stream: Stream): (keyId: number) => number {
  const bounded = (bytes: number) => Math.min(MAX_VALUE_BYTES, Math.max(MIN_VALUE_BYTES, Math.round(bytes)))
  switch (spec.kind) {
    case 'fixed': {
      const bytes = bounded(spec.bytes)
      return () => bytes
    }
    case 'uniform':
      return (keyId) => bounded(spec.minBytes + stream.uniform(keyId) * (spec.maxBytes - spec.minBytes))
    case 'lognormal': {
      const mu = Math.log(spec.medianBytes)
      const sigma = Math.log(spec.p99Bytes / spec.medianBytes) / Z_P99
      return remembered((keyId) => bounded(Math.exp(mu + sigma * normalQuantile(stream.uniform(keyId)))))
    }
  }
}

/** Sizes of this many keys are worked out once. */
const MOST_REMEMBERED = 2 ** 20
/** Grown as needed: 4 MiB at once, zeroed for each instance of each cell, were 2 % of a run of short cells. */
const REMEMBERED_AT_FIRST = 2 ** 12

function remembered(size: (keyId: number) => number): (keyId: number) => number {
  let known = new Uint32Array(REMEMBERED_AT_FIRST)
  return (keyId) => {
    if (keyId >= MOST_REMEMBERED) return size(keyId)
    if (keyId >= known.length) {
      const grown = new Uint32Array(Math.min(MOST_REMEMBERED, 2 ** Math.ceil(Math.log2(keyId + 1))))
      grown.set(known)
      known = grown
    }
    const before = known[keyId]!
    if (before > 0) return before
    const bytes = size(keyId)
    known[keyId] = bytes
    return bytes
  }
}

export function describeValueSize(spec: ValuesSpec['size']): string {
  switch (spec.kind) {
    case 'fixed':
      return `${spec.bytes} B`
    case 'uniform':
      return `uniform ${spec.minBytes}..${spec.maxBytes} B`
    case 'lognormal':
      return `lognormal, median ${spec.medianBytes} B, p99 ${spec.p99Bytes} B`
  }
}
