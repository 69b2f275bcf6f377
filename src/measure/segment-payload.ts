import { decodeNumbers, skipNumbers } from './column-codec.ts'
import { LAYERS, STATUSES } from './history.ts'
import { HISTORY_COLUMNS, type HistoryColumnName, type NumberArray } from './history-columns.ts'
import { type SegmentTexts, takeTexts, textsOf } from './segment-texts.ts'

/** What can be asked of a segment without knowing all of it: `numbers` gives, for a column that is wanted, an array of as many values as the segment has rows. */
type WantedNumbers = (name: HistoryColumnName) => NumberArray | undefined

/**
 * Decodes the wanted columns of a segment. With `learn` its new texts are taken into `learn`, and it has to make sense as
 * far as its columns are wanted: codes that name something, a layer and a status there are. False when it can't be read.
 */
export function decodePayload(payload: Uint8Array, rows: number, numbers: WantedNumbers, learn?: SegmentTexts): boolean {
  let at = 0
  for (const { name, type } of HISTORY_COLUMNS) {
    const texts = learn && type === 'text' ? textsOf(learn, name) : undefined
    if (type === 'text') {
      const next = takeTexts(payload, at, texts)
      if (next === undefined) return false
      at = next
    }
    const values = numbers(name)
    const next = values ? decodeNumbers(payload, at, values) : skipNumbers(payload, at, type, rows)
    if (next === undefined) return false
    at = next
  }
  return at === payload.length && (learn === undefined || isMeaningful(numbers, learn))
}

/** Whether texts are known for all codes, and layers and statuses are such. */
export const MEANINGFUL_COLUMNS: readonly HistoryColumnName[] = ['layer', 'fn', 'outcome', 'status', 'error', 'node', 'phase']

function isMeaningful(numbers: WantedNumbers, texts: SegmentTexts): boolean {
  for (const { name, type } of HISTORY_COLUMNS) {
    const values = numbers(name)
    if (!values) continue
    if (type === 'text' && !areNamed(values, textsOf(texts, name))) return false
    if (name === 'layer' && !areBelow(values, LAYERS.length)) return false
    if (name === 'status' && !areBelow(values, STATUSES.length)) return false
  }
  return true
}

function areNamed(codes: NumberArray, texts: readonly string[]): boolean {
  // Most rows have the code of the row before.
  let known = -1
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!
    if (code === known) continue
    if (texts[code] === undefined) return false
    known = code
  }
  return true
}

function areBelow(values: NumberArray, limit: number): boolean {
  for (let row = 0; row < values.length; row++) if (values[row]! >= limit) return false
  return true
}
