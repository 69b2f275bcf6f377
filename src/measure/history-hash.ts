import { createHash } from 'node:crypto'
import { CanonicalColumn } from './canonical-column.ts'
import type { HistoryColumns } from './history.ts'
import { HISTORY_COLUMNS } from './history-columns.ts'
import type { HistorySource } from './history-source.ts'

/**
 * SHA-256 (hex) over all rows in order. Depends on what the rows say only, not on the order of dictionaries or on
 * where the columns come from (memory, segments, Parquet): equal for equal virtual runs.
 */
export function historyHash(columns: HistoryColumns): string {
  const hash = new HistoryHash()
  hash.add(columns)
  return hash.digest()
}

/** `historyHash` of what a source reads, once and chunk by chunk. */
export async function hashOfSource(source: HistorySource): Promise<string> {
  const hash = new HistoryHash()
  await source.read((rows) => hash.add(rows))
  return hash.digest()
}

/**
 * The hash of what the columns' own hashes are: rows come together, and a column that waited for its turn would have to be
 * kept. The texts of a column are hashed behind its codes, since which there are is known at the end only.
 */
class HistoryHash {
  readonly #columns = HISTORY_COLUMNS.map((spec) => ({ column: new CanonicalColumn(spec), hash: createHash('sha256') }))
  #rows = 0

  add(rows: HistoryColumns): void {
    this.#rows += rows.length
    for (const { column, hash } of this.#columns) {
      column.learn(rows)
      column.bytes(rows, (bytes) => hash.update(bytes))
    }
  }

  digest(): string {
    const whole = createHash('sha256').update(`cacheproof history 3, ${this.#rows} rows\n`)
    for (const { column, hash } of this.#columns) {
      const { name, type } = column.spec
      if (type === 'text') hash.update(JSON.stringify(column.texts))
      whole.update(`${name} ${type} ${hash.digest('hex')}\n`)
    }
    return whole.digest('hex')
  }
}
