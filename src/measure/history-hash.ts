import { createHash, type Hash } from 'node:crypto'
import { CanonicalColumn } from './canonical-column.ts'
import type { HistoryColumns } from './history.ts'
import { bytesPerValue, HISTORY_COLUMNS, type HistoryColumnSpec } from './history-columns.ts'
import type { HistorySource } from './history-source.ts'

/**
 * SHA-256 (hex) over all rows in order. Depends on what the rows say only, not on the order of dictionaries or on
 * where the columns come from (memory, segments, Parquet): equal for equal virtual runs.
 */
export function historyHash(columns: HistoryColumns): string {
  const hash = beginHash(columns.length)
  for (const spec of HISTORY_COLUMNS) {
    const column = new CanonicalColumn(spec)
    column.learn(columns)
    beginColumn(hash, column)
    column.bytes(columns, (bytes) => hash.update(bytes))
  }
  return hash.digest('hex')
}

/** Columns are hashed one behind the other, and rows come together: so much of columns whose turn is later is kept meanwhile. */
const KEPT_BYTES = 24 * 2 ** 20

/** `historyHash` of what a source reads. A large history is read several times, some columns at a time. */
export async function hashOfSource(source: HistorySource, keptBytes = KEPT_BYTES): Promise<string> {
  const hash = beginHash(source.length)
  const memory = new Uint8Array(Math.min(keptBytes, source.length * BYTES_PER_ROW))
  for (const specs of columnsByReading(source.length, keptBytes)) {
    let used = 0
    const columns = specs.map((spec, at) => {
      const column = new CanonicalColumn(spec)
      if (at === 0 && isHashedAtOnce(spec)) return { column, kept: undefined }
      const bytes = source.length * bytesPerValue(spec.type)
      const kept = new KeptBytes(used + bytes <= memory.length ? memory.subarray(used, used + bytes) : new Uint8Array(bytes))
      used += bytes
      return { column, kept }
    })
    for (const { column, kept } of columns) if (!kept) beginColumn(hash, column)
    const take = (rows: HistoryColumns) => {
      for (const { column, kept } of columns) {
        column.learn(rows)
        column.bytes(rows, (bytes) => (kept ? kept.put(bytes) : hash.update(bytes)))
      }
    }
    await source.read(
      take,
      specs.map(({ name }) => name),
    )
    for (const { column, kept } of columns) {
      if (!kept) continue
      beginColumn(hash, column)
      hash.update(kept.all())
    }
  }
  return hash.digest('hex')
}

function beginHash(rows: number): Hash {
  return createHash('sha256').update(`cacheproof history 2, ${rows} rows\n`)
}

function beginColumn(hash: Hash, { spec, texts }: CanonicalColumn): void {
  hash.update(`${spec.name} ${spec.type}\n`)
  if (spec.type === 'text') hash.update(JSON.stringify(texts))
}

const BYTES_PER_ROW = HISTORY_COLUMNS.reduce((sum, { type }) => sum + bytesPerValue(type), 0)

/** Numbers are. Which texts there are is known at the end only. */
function isHashedAtOnce({ type }: HistoryColumnSpec): boolean {
  return type !== 'text'
}

/** Which columns are read together: one that is hashed as it comes, and as many of those behind it as can be kept. */
function columnsByReading(rows: number, keptBytes: number): HistoryColumnSpec[][] {
  const readings: HistoryColumnSpec[][] = []
  let kept = 0
  for (const spec of HISTORY_COLUMNS) {
    const bytes = rows * bytesPerValue(spec.type)
    if (readings.length > 0 && kept + bytes <= keptBytes) {
      readings.at(-1)!.push(spec)
      kept += bytes
    } else {
      readings.push([spec])
      kept = isHashedAtOnce(spec) ? 0 : bytes
    }
  }
  return readings
}

/** A column's bytes until it is its turn. */
class KeptBytes {
  readonly #memory: Uint8Array
  #length = 0

  constructor(memory: Uint8Array) {
    this.#memory = memory
  }

  put(bytes: Uint8Array): void {
    this.#memory.set(bytes, this.#length)
    this.#length += bytes.length
  }

  all(): Uint8Array {
    return this.#memory.subarray(0, this.#length)
  }
}
