import { viewOf } from './column-codec.ts'
import type { HistoryColumnName } from './history-columns.ts'

/** The dictionaries of a file of segments, as far as its segments were read. Structured clone hands `entries` on. */
export type SegmentTexts = Map<HistoryColumnName, string[]>

const MOST_TEXTS = 0x10000

export function textsOf(texts: SegmentTexts, name: HistoryColumnName): string[] {
  let known = texts.get(name)
  if (!known) {
    known = []
    texts.set(name, known)
  }
  return known
}

/**
 * Puts a segment's new texts where their codes point; texts of a lost segment leave holes. Without `texts` they are
 * passed over. Returns where the numbers begin; undefined when the bytes can't be texts.
 */
export function takeTexts(payload: Uint8Array, at: number, texts: string[] | undefined): number | undefined {
  const view = viewOf(payload)
  if (at + 8 > payload.length) return undefined
  const start = view.getUint32(at, true)
  const count = view.getUint32(at + 4, true)
  if (start + count > MOST_TEXTS) return undefined
  at += 8
  for (let entry = start; entry < start + count; entry++) {
    if (at + 4 > payload.length) return undefined
    const length = view.getUint32(at, true)
    at += 4
    if (at + length > payload.length) return undefined
    if (texts) texts[entry] = new TextDecoder().decode(payload.subarray(at, at + length))
    at += length
  }
  return at
}
