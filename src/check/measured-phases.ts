import type { HistoryColumns } from '../measure/history.ts'
import type { Cell } from '../measure/run-result.ts'
import { codesWhere } from './rows.ts'

/** For each code of the phase column 1 if rows of that phase count in tables: every phase of load but warm-ups. */
export function measuredPhaseCodes(cell: Pick<Cell, 'events'>, columns: HistoryColumns): Uint8Array {
  const phases = cell.events.filter((event) => event.kind === 'phase')
  const measured = new Set(phases.filter((event) => event.warmUp !== true).map((event) => event.name))
  // A history without events (someone else's) has no warm-up to leave out.
  return codesWhere(columns.phase, (name) => phases.length === 0 || measured.has(name))
}
