import type { HistorySource } from '../measure/history-source.ts'
import { METRIC_DEFINITIONS } from '../measure/metrics/catalogue.ts'
import type { OperationRecorder } from '../measure/operation-recorder.ts'
import { replayHistory } from '../measure/replay-history.ts'
import type { Cell } from '../measure/run-result.ts'
import { type RecordedClass, UNKNOWN_CLASSES } from '../measure/tally-set.ts'
import { cellSettings } from './cell-settings.ts'

/** Why a cell ended early whose run died (`endedEarly`). */
export const RUN_DIED = 'the run died'

export interface Remeasured {
  readonly cell: Cell
  readonly operations: OperationRecorder
}

/** Measures a stored cell again from its history, which must hold every row, by today's definitions. */
export async function remeasure(cell: Cell, history: HistorySource): Promise<Remeasured> {
  const phases = cell.events.filter(({ kind, warmUp }) => kind === 'phase' && warmUp !== true)
  const measured = new Set(phases.map(({ name }) => name))
  const operations = await replayHistory(history, {
    intervalNanos: cell.series.intervalNanos,
    classes: declaredClasses(cell),
    openLoop: isOpenLoop(cell),
    byInterval: cell.events.some(({ kind }) => kind === 'fault'),
    measured: (phase) => measured.has(phase),
    died: cell.endedEarly === RUN_DIED,
    measuredEndNanos: phases.reduce((end, phase) => Math.max(end, phase.endNanos ?? cell.durationNanos), 0),
  })
  const { durationNanos } = cell
  const again = { classes: operations.classMeasurements(durationNanos), series: operations.series(durationNanos), definitions: METRIC_DEFINITIONS }
  return { cell: { ...cell, ...again }, operations }
}

/** The classes that the pattern declares, as the run keeps them. */
function declaredClasses(cell: Cell): RecordedClass[] {
  const unknown = new Set([...UNKNOWN_CLASSES.map(({ name }) => name), 'unfinished'])
  return cell.classes
    .filter(({ layer, name }) => layer === 'app' && !unknown.has(name))
    .map(({ name, kind, cache, degraded }) => ({
      name,
      kind: kind === 'write' ? 'write' : 'read',
      ...(cache && { cache }),
      ...(degraded && { degraded }),
    }))
}

function isOpenLoop(cell: Cell): boolean {
  const { load } = cellSettings(cell)
  return typeof load === 'object' && load !== null && 'kind' in load && load.kind === 'open'
}
