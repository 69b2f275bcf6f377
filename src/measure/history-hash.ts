import { createHash } from 'node:crypto'
import { CanonicalColumn } from './canonical-column.ts'
import type { HistoryColumns } from './history.ts'
import { HISTORY_COLUMNS } from './history-columns.ts'

/**
 * SHA-256 (hex) over all rows in order. Depends on what the rows say only, not on the order of dictionaries or on
 * where the columns come from (memory, segments, Parquet): equal for equal virtual runs.
 */
export function historyHash(columns: HistoryColumns): string {
  const hash = new HistoryHash()
  hash.accept(columns)
  return hash.finish()
}

/**
 * `historyHash` of rows that come chunk by chunk. It is the hash of what the columns' own hashes are: rows come together, and
 * a column that waited for its turn would have to be kept. The texts of a column are hashed behind its codes, since which
 * there are is known at the end only.
 */
export class HistoryHash {
  readonly columns = HISTORY_COLUMNS.map(({ name }) => name)
  readonly #hashes = HISTORY_COLUMNS.map((spec) => ({ column: new CanonicalColumn(spec), hash: createHash('sha256') }))
  #rows = 0

  accept(rows: HistoryColumns): void {
    this.#rows += rows.length
    for (const { column, hash } of this.#hashes) {
      column.learn(rows)
      column.bytes(rows, (bytes) => hash.update(bytes))
    }
  }

  finish(): string {
    const whole = createHash('sha256').update(`cacheproof history 3, ${this.#rows} rows\n`)
    for (const { column, hash } of this.#hashes) {
      const { name, type } = column.spec
      if (type === 'text') hash.update(JSON.stringify(column.texts))
      whole.update(`${name} ${type} ${hash.digest('hex')}\n`)
    }
    return whole.digest('hex')
  }
}
