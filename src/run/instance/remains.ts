import { existsSync } from 'node:fs'
import { type HistoryColumns, LAYERS } from '../../measure/history.ts'
import type { HistoryColumnName } from '../../measure/history-columns.ts'
import { REPLAYED_COLUMNS } from '../../measure/replay-history.ts'
import { sliceHistory } from '../../measure/slice-history.ts'
import type { Nanos } from '../../runtime/runtime.ts'
import { UnfinishedIntents } from '../history/intents.ts'
import { indexSegmentFile } from '../history/segment-file.ts'

/** An operation that was begun and never recorded. */
export interface Unrecorded {
  /** Of its first call. */
  readonly sent: Nanos
  readonly user: number
}

/** What a killed instance left in its files. */
export interface Remains {
  /** By index, 1 for the operations that have a row. */
  readonly recorded: Uint8Array
  /** Of those rows: of operations that began, and of those that never did. */
  readonly began: number
  readonly unstarted: number
  readonly unrecorded: ReadonlyMap<number, Unrecorded>
  /** The highest operation that was begun; -1 for none. */
  readonly lastIndex: number
}

const APP = LAYERS.indexOf('app')
const LOOKED_AT: readonly HistoryColumnName[] = ['op', 'parent', 'layer', 'sent', 'client']

/**
 * Reads what a killed instance left: its rows and what it had under way. `belowIndex`: it began no operation from this one
 * on. Its first `toldRows` rows have been measured by others; the rest, and calls that were never answered, go to `measure`.
 * Throws what the file system throws.
 */
export function readRemains(segmentFile: string, belowIndex: number, toldRows: number, measure: (rows: HistoryColumns) => void): Remains {
  const recorded = new Uint8Array(belowIndex)
  const unrecorded = new Map<number, Unrecorded>()
  const intents = new UnfinishedIntents([segmentFile])
  let seen = 0
  let began = 0
  let unstarted = 0
  let lastIndex = -1
  const look = ({ length, op, parent, layer, sent, client }: HistoryColumns) => {
    for (let row = 0; row < length; row++) {
      if (layer[row] === APP) {
        recorded[op[row]!] = 1
        unrecorded.delete(op[row]!)
        if (sent[row]! < 0) unstarted++
        else {
          began++
          lastIndex = Math.max(lastIndex, op[row]!)
        }
      } else if (parent[row]! >= 0 && recorded[parent[row]!] === 0) {
        const first = unrecorded.get(parent[row]!)
        if (!first || sent[row]! < first.sent) unrecorded.set(parent[row]!, { sent: sent[row]!, user: client[row]! })
      }
    }
  }
  if (existsSync(segmentFile)) {
    indexSegmentFile(segmentFile, [...new Set([...LOOKED_AT, ...REPLAYED_COLUMNS])], (rows) => {
      look(rows)
      intents.complete(rows.op)
      if (seen + rows.length > toldRows) measure(sliceHistory(rows, Math.max(0, toldRows - seen), rows.length))
      seen += rows.length
    })
  }
  const unfinished = intents.rows()
  look(unfinished)
  measure(unfinished)
  for (const index of unrecorded.keys()) lastIndex = Math.max(lastIndex, index)
  return { recorded, began, unstarted, unrecorded, lastIndex }
}
