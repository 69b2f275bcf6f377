import type { Nanos } from '../runtime/runtime.ts'
import { type HistoryColumns, LAYERS, STATUSES } from './history.ts'
import { createOperationRecorder, type OperationRecorder, type OperationRecorderOptions } from './operation-recorder.ts'
import { UNKNOWN_CLASSES } from './tally-set.ts'

/** Calls and operations that read; what else the cache and the database are asked to do writes. */
const READS = new Set(['read', 'get', 'getAndTouch', 'score', 'rank', 'range', 'size', 'top', 'around'])

export interface ReplayOptions extends OperationRecorderOptions {
  /** Which phases count; warm-up does not. */
  readonly measured: (phase: string) => boolean
  /** When the last of them ends. */
  readonly measuredEndNanos: Nanos
}

/**
 * Measures a history as it was measured while it was written: what a run that died left behind, or one that is judged
 * again, gives the same histograms, counters and series.
 */
export function replayHistory(columns: HistoryColumns, options: ReplayOptions): OperationRecorder {
  const recorder = createOperationRecorder(options)
  recorder.endMeasuredAt(options.measuredEndNanos)
  const positions = new Map([...options.classes, ...UNKNOWN_CLASSES].map(({ name }, index) => [name, index]))
  const measuredCodes = columns.phase.dictionary.map(options.measured)
  const positionOfCode = columns.outcome.dictionary.map((name) => positions.get(name) ?? -1)
  const unknown = options.classes.length
  for (let row = 0; row < columns.length; row++) {
    const measured = measuredCodes[columns.phase.codes[row]!]!
    const layer = LAYERS[columns.layer[row]!]!
    const status = STATUSES[columns.status[row]!]!
    const sent = columns.sent[row]!
    const done = columns.done[row]!
    const error = columns.error.dictionary[columns.error.codes[row]!]!
    const fn = columns.fn.dictionary[columns.fn.codes[row]!]!
    if (layer === 'app') {
      const known = positionOfCode[columns.outcome.codes[row]!]!
      // Of an operation without a class no more is known than what it was about to do.
      const position = known >= 0 ? known : unknown + (callKind(fn) === 'read' ? 0 : 1)
      recorder.recordApp(position, columns.due[row]!, sent, done, status, error, measured)
    } else {
      const kind = layer === 'probe' ? 'other' : callKind(fn)
      recorder.recordCall(layer, fn, kind, sent, done, status, error, columns.outcome.dictionary[columns.outcome.codes[row]!]!, measured)
    }
  }
  return recorder
}

/** Whether a call of the cache or the database reads. One place, so that recording and replaying agree. */
export function callKind(fn: string): 'read' | 'write' {
  return READS.has(fn) ? 'read' : 'write'
}
