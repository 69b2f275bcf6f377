import type { HistoryColumns } from '../../measure/history.ts'
import { sliceHistory } from '../../measure/slice-history.ts'
import { HistoryEncoder, ROW_GROUP_ROWS } from './history-encoder.ts'
import { createWholeFile } from './whole-file.ts'

/** Writes beside the file and renames, so that a file of this name is always whole. Throws what the file system throws. */
export function writeHistoryFile(path: string, columns: HistoryColumns): void {
  const file = createWholeFile(path)
  try {
    encodeRows(columns, (bytes) => file.write(bytes))
    file.finish()
  } catch (error) {
    file.discard()
    throw error
  }
}

export function encodeHistoryFile(columns: HistoryColumns, rowGroupRows = ROW_GROUP_ROWS): Uint8Array {
  const parts: Uint8Array[] = []
  encodeRows(columns, (bytes) => parts.push(bytes.slice()), rowGroupRows)
  return Buffer.concat(parts)
}

function encodeRows(columns: HistoryColumns, write: (bytes: Uint8Array) => void, rowGroupRows = ROW_GROUP_ROWS): void {
  const encoder = new HistoryEncoder(write)
  for (let row = 0; row < columns.length; row += rowGroupRows) encoder.rowGroup(sliceHistory(columns, row, row + rowGroupRows))
  encoder.finish()
}
