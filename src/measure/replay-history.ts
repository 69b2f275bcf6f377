import { type HistoryColumns, LAYERS, STATUSES } from './history.ts'
import { createOperationRecorder, type OperationRecorder, type OperationRecorderOptions } from './operation-recorder.ts'

/** Cache calls that read; what else the cache and the database are asked to do writes. */
const READS = new Set(['read', 'get', 'getAndTouch', 'score', 'rank', 'range', 'size'])

/**
 * Measures a history as it was measured while it was written: what a run that died left behind gives the same
 * histograms, counters and series. `measured` says which phases count (warm-up does not).
 */
export function replayHistory(columns: HistoryColumns, options: OperationRecorderOptions, measured: (phase: string) => boolean): OperationRecorder {
  const recorder = createOperationRecorder(options)
  const classes = new Map(options.classes.map(({ name }, index) => [name, index]))
  const measuredCodes = columns.phase.dictionary.map(measured)
  const classOfCode = columns.outcome.dictionary.map((name) => classes.get(name) ?? -1)
  for (let row = 0; row < columns.length; row++) {
    recorder.setMeasured(measuredCodes[columns.phase.codes[row]!]!)
    const layer = LAYERS[columns.layer[row]!]!
    const status = STATUSES[columns.status[row]!]!
    const sent = columns.sent[row]!
    const done = columns.done[row]!
    const error = columns.error.dictionary[columns.error.codes[row]!]!
    if (layer === 'app') {
      recorder.recordApp(classOfCode[columns.outcome.codes[row]!]!, columns.due[row]!, sent, done, status, error)
    } else {
      const fn = columns.fn.dictionary[columns.fn.codes[row]!]!
      const kind = layer === 'probe' ? 'other' : callKind(fn)
      recorder.recordCall(layer, fn, kind, sent, done, status, error, columns.outcome.dictionary[columns.outcome.codes[row]!]!)
    }
  }
  return recorder
}

/** Whether a call of the cache or the database reads. One place, so that recording and replaying agree. */
export function callKind(fn: string): 'read' | 'write' {
  return READS.has(fn) ? 'read' : 'write'
}
