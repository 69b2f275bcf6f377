import type { Nanos } from '../runtime/runtime.ts'
import { type HistoryColumns, LAYERS, STATUSES } from './history.ts'
import type { HistoryColumnName } from './history-columns.ts'
import type { HistorySource } from './history-source.ts'
import { KILLED } from './killed.ts'
import { createOperationRecorder, type OperationRecorder, type OperationRecorderOptions } from './operation-recorder.ts'
import { UNKNOWN_CLASSES } from './tally-set.ts'

/** Calls and operations that read; what else the cache and the database are asked to do writes. */
const READS = new Set(['read', 'get', 'getAndTouch', 'score', 'rank', 'range', 'size', 'top', 'around'])

export interface ReplayOptions extends OperationRecorderOptions {
  /** Which phases count; warm-up does not. */
  readonly measured: (phase: string) => boolean
  /** When the last of them ends. */
  readonly measuredEndNanos: Nanos
  /** The run died: what was under way then has no outcome for want of one who waited, and says nothing of the target. */
  readonly died?: boolean
}

/**
 * Measures a history as it was measured while it was written: what a run that died left behind, or one that is judged
 * again, gives the same histograms, counters and series.
 */
export async function replayHistory(history: HistorySource, options: ReplayOptions): Promise<OperationRecorder> {
  const recorder = createOperationRecorder(options)
  recorder.endMeasuredAt(options.measuredEndNanos)
  await history.read((rows) => replayRows(rows, recorder, options), REPLAYED_COLUMNS)
  return recorder
}

export const REPLAYED_COLUMNS: readonly HistoryColumnName[] = ['layer', 'fn', 'outcome', 'due', 'sent', 'done', 'status', 'error', 'phase']

/** The same of some rows: they have `REPLAYED_COLUMNS` at least. */
export function replayRows(
  columns: HistoryColumns,
  recorder: OperationRecorder,
  options: Pick<ReplayOptions, 'classes' | 'measured' | 'died'>,
): void {
  const { layer: layers, fn: fns, outcome, due, sent: sents, done: dones, status: statuses, error: errors, phase } = columns
  const positions = new Map([...options.classes, ...UNKNOWN_CLASSES].map(({ name }, index) => [name, index]))
  const measuredCodes = phase.dictionary.map(options.measured)
  const positionOfCode = outcome.dictionary.map((name) => positions.get(name) ?? -1)
  const unknown = options.classes.length
  for (let row = 0; row < columns.length; row++) {
    const measured = measuredCodes[phase.codes[row]!]!
    const layer = LAYERS[layers[row]!]!
    const status = STATUSES[statuses[row]!]!
    const sent = sents[row]!
    const done = dones[row]!
    const error = errors.dictionary[errors.codes[row]!]!
    if (options.died && done < 0 && error === KILLED) continue
    const fn = fns.dictionary[fns.codes[row]!]!
    if (layer === 'app') {
      const known = positionOfCode[outcome.codes[row]!]!
      // Of an operation without a class no more is known than what it was about to do.
      const position = known >= 0 ? known : unknown + (callKind(fn) === 'read' ? 0 : 1)
      recorder.recordApp(position, due[row]!, sent, done, status, error, measured)
    } else {
      const kind = layer === 'probe' ? 'other' : callKind(fn)
      recorder.recordCall(layer, fn, kind, sent, done, status, error, outcome.dictionary[outcome.codes[row]!]!, measured)
    }
  }
}

/** Whether a call of the cache or the database reads. One place, so that recording and replaying agree. */
export function callKind(fn: string): 'read' | 'write' {
  return READS.has(fn) ? 'read' : 'write'
}
