import type { RunResult } from '../../measure/run-result.ts'
import { countInWords, nanosInWords, plural } from '../../measure/words.ts'

/** "95 % of what was to be measured (57.2 s, 17,160 operations, 2 cells that never ran)"; undefined where nothing is missing. */
export function missingInWords({ cells, missingCells = [] }: Pick<RunResult, 'cells' | 'missingCells'>): string | undefined {
  const gaps = [...cells.flatMap(({ missing }) => missing ?? []), ...missingCells]
  if (gaps.length === 0) return undefined
  const nanos = gaps.reduce((sum, gap) => sum + gap.nanos, 0)
  const operations = gaps.reduce((sum, gap) => sum + (gap.operations ?? 0), 0)
  const measured = cells.reduce((sum, { measuredNanos }) => sum + measuredNanos, 0)
  const isOpen = gaps.every((gap) => gap.operations !== null)
  const parts = [
    nanosInWords(nanos),
    ...(isOpen
      ? [`${countInWords(operations)} operations`]
      : operations > 0
        ? [`${countInWords(operations)} operations and those of closed loops`]
        : []),
    ...(missingCells.length > 0 ? [`${plural(missingCells.length, 'measurement')} that never ran`] : []),
  ]
  return `${percentOf(nanos, nanos + measured)} of what was to be measured (${parts.join(', ')})`
}

/** Never 100 % while there is something, nor 0 % while something is missing. */
function percentOf(part: number, whole: number): string {
  if (part >= whole) return '100 %'
  return `${Math.min(99, Math.max(1, Math.round((100 * part) / whole)))} %`
}
