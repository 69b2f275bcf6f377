import type { HistoryColumns } from './history.ts'
import { HistoryBuffer } from './history-buffer.ts'
import { type SegmentBytes, scanSegments, segmentBytes } from './scan-segments.ts'
import { decodePayload } from './segment-payload.ts'
import { type SegmentTexts, textsOf } from './segment-texts.ts'

export interface DecodedSegments {
  /** One history a segment that could be read, in order. Dictionaries are shared. */
  readonly parts: readonly HistoryColumns[]
  readonly rows: number
  /** Segments that were torn, damaged or are missing between those that could be read. */
  readonly torn: number
}

/**
 * All of a file of segments, in memory. Never throws for damage, which is counted: a segment that uses texts which only a
 * lost one named is lost, too. Throws `SegmentVersionError` for segments that another version wrote.
 */
export function decodeSegments(file: Uint8Array | SegmentBytes): DecodedSegments {
  const parts: HistoryColumns[] = []
  const texts: SegmentTexts = new Map()
  let rows = 0
  const torn = scanSegments(file instanceof Uint8Array ? segmentBytes(file) : file, (place, payload) => {
    const columns = new HistoryBuffer(place.rows)
    if (!decodePayload(payload, place.rows, (name) => columns.numbers(name), texts)) return false
    parts.push(columns.view(place.rows, (name) => textsOf(texts, name)))
    rows += place.rows
    return true
  })
  return { parts, rows, torn }
}
