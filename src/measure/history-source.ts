import type { HistoryColumns } from './history.ts'
import { HistoryBuffer } from './history-buffer.ts'
import { type HistoryColumnName, onlyColumns } from './history-columns.ts'

/** A history in order of completion, chunk by chunk, from wherever it is: memory, segments, a Parquet file. */
export interface HistorySource {
  /** Rows in all. */
  readonly length: number
  /**
   * Visits all rows, in order, in chunks of as many as there happen to be (none for no rows). May be called again, also
   * before an earlier call has ended.
   *
   * A chunk is valid during the visit only: its memory is used again. Within one read a text column has one dictionary,
   * which may grow from chunk to chunk and never changes an entry.
   *
   * `columns`: the only ones that are filled; all unless told. The others are empty arrays, and cost nothing.
   *
   * Rejects with what `visit` throws, with `HistoryFileError` when what is read turns out to be damaged, and with what
   * the file system throws.
   */
  read(visit: (rows: HistoryColumns) => void, columns?: readonly HistoryColumnName[]): Promise<void>
}

/** Columns in memory as a source: one chunk, which is these columns themselves. */
export function sourceOfColumns(columns: HistoryColumns): HistorySource {
  return {
    length: columns.length,
    async read(visit, names) {
      if (columns.length > 0) visit(names ? onlyColumns(columns, names) : columns)
    },
  }
}

/** A copy of a history, or of some of its columns, in memory: convenient, and as large as the history is. */
export async function columnsOfSource(source: HistorySource, columns?: readonly HistoryColumnName[]): Promise<HistoryColumns> {
  const whole = new WholeHistory(source, columns)
  await source.read((rows) => whole.add(rows), columns)
  return whole.columns()
}

/** Where the chunks of one read are put behind each other. */
class WholeHistory {
  readonly #buffer: HistoryBuffer
  #length = 0
  #last: HistoryColumns | undefined

  constructor({ length }: HistorySource, columns: readonly HistoryColumnName[] | undefined) {
    this.#buffer = new HistoryBuffer(length, columns)
  }

  add(rows: HistoryColumns): void {
    this.#buffer.put(rows, this.#length)
    this.#length += rows.length
    // Its dictionaries hold what those of the chunks before did.
    this.#last = rows
  }

  columns(): HistoryColumns {
    return this.#buffer.view(this.#length, this.#last)
  }
}
