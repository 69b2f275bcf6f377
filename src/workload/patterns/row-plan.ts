import type { PatternContext } from '../pattern.ts'
import { keptByKey } from './kept-by-key.ts'

/** What reads and writes of rows an index stands for: the same in every pattern over rows, so that they can be compared. */
export interface RowPlan {
  isWrite(index: number): boolean
  /** Key id; from `count` on, of a row that the database never has. */
  keyId(index: number): number
  /** Key in the database. */
  rowKey(keyId: number): string
  /** The rows the database starts with. */
  rows(): Iterable<{ readonly key: string; readonly value: Uint8Array }>
}

export interface RowShares {
  /** Share of operations that write, 0..1. */
  readonly writeRatio: number
  /** Rows are written by the popularity that they are read by, or all alike. */
  readonly writePopularity: 'as reads' | 'uniform'
  /** Share of reads that ask for a row that is not there, 0..1. */
  readonly missing: number
}

export function createRowPlan(context: Pick<PatternContext<unknown>, 'keys' | 'values' | 'stream'>, shares: RowShares): RowPlan {
  const { keys, values } = context
  const writes = context.stream('writes')
  const missing = context.stream('missing')
  const written = context.stream('written keys')
  const alike = shares.writePopularity === 'uniform'
  const isWrite = (index: number) => writes.uniform(index) < shares.writeRatio
  const rowKey = keptByKey((keyId) => `row:${keyId}`)
  return {
    isWrite,
    rowKey,
    keyId(index) {
      if (alike && isWrite(index)) return Math.floor(written.uniform(index) * keys.count)
      const keyId = keys.key(index)
      // A second keyspace of absent rows with the same popularity: were absence a property of a key of the first, the
      // share of operations would hang on whether a hot key is among them.
      return shares.missing > 0 && !isWrite(index) && missing.uniform(index) < shares.missing ? keyId + keys.count : keyId
    },
    *rows() {
      for (let keyId = 0; keyId < keys.count; keyId++) yield { key: rowKey(keyId), value: values.make(keyId, 1, 0) }
    },
  }
}
