import type { HistoryColumns } from './history.ts'
import type { HistoryBuffer } from './history-buffer.ts'
import { dictionaryOf, type HistoryColumnName } from './history-columns.ts'
import { sliceHistory } from './slice-history.ts'
import { StrandIndexer, type StrandPiece } from './strand-index.ts'

/** What one recorder wrote, in pieces, as it was recorded: nearly in the order of a history. Strands are merged into one. */
export interface HistoryStrand {
  /** In order of recording. */
  readonly pieces: readonly StrandPiece[]
  /** Every text of the strand. Codes mean the same in all pieces. */
  dictionary(name: HistoryColumnName): readonly string[]
  open(): StrandReader
}

export interface StrandReader {
  /** Puts the rows of a piece into the buffer, from row `at` on: its columns, each with the strand's own codes. */
  load(piece: number, into: HistoryBuffer, at: number): void
  close(): void
}

/** Rows that a piece has at least, so that there are not many of them; the last may have fewer. */
export const PIECE_ROWS = 4_096

/** Rows in memory as a strand, in the order in which they stand. */
export function strandOfColumns(columns: HistoryColumns, pieceRows = PIECE_ROWS): HistoryStrand {
  const indexer = new StrandIndexer()
  for (let from = 0; from < columns.length; from += pieceRows) indexer.add(sliceHistory(columns, from, from + pieceRows))
  return {
    pieces: indexer.pieces,
    dictionary: (name) => dictionaryOf(columns, name) ?? [],
    open: () => ({
      load: (piece, into, at) => into.put(sliceHistory(columns, piece * pieceRows, (piece + 1) * pieceRows), at),
      close() {},
    }),
  }
}
