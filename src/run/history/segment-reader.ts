import { readFileSync } from 'node:fs'
import type { HistoryColumns } from '../../measure/history.ts'
import { decodeSegments } from '../../measure/segment.ts'

export interface SegmentsRead {
  readonly parts: readonly HistoryColumns[]
  readonly rows: number
  /** Segments that could not be read back, over all files. */
  readonly torn: number
}

/** Reads segment files, as many as there are instances. Throws what `readFileSync` throws, and `SegmentVersionError`. */
export function readSegmentFiles(paths: readonly string[]): SegmentsRead {
  const parts: HistoryColumns[] = []
  let rows = 0
  let torn = 0
  for (const path of paths) {
    const decoded = decodeSegments(readFileSync(path))
    parts.push(...decoded.parts)
    rows += decoded.rows
    torn += decoded.torn
  }
  return { parts, rows, torn }
}
