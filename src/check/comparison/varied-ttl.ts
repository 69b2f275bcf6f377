import type { Cell } from '../../measure/run-result.ts'
import { nanosInWords } from '../../measure/words.ts'
import { cellSettings, ttlNanosOf } from '../cell-settings.ts'
import { forAtLeast } from '../test-command.ts'

/** A time to live that is compared with another one shows what it does in no less than this many of its lengths. */
export const LIVES_TO_SHOW = 3

/** Of alternatives whose times to live differ: why this one is not drawn, with the time that it needs. Undefined where it is. */
export function whyTooShort(cells: readonly Cell[], all: readonly Cell[]): string | undefined {
  const ttls = new Set(all.map((cell) => ttlNanosOf(cellSettings(cell))))
  const longest = Math.max(0, ...cells.map((cell) => ttlNanosOf(cellSettings(cell)) ?? 0))
  const measured = Math.min(...cells.map(({ measuredNanos }) => measuredNanos))
  if (ttls.size < 2 || measured >= LIVES_TO_SHOW * longest) return undefined
  const needed = LIVES_TO_SHOW * longest
  return `a TTL of ${nanosInWords(longest)} shows what it does in ${nanosInWords(needed)}, and ${nanosInWords(measured)} were measured: ${forAtLeast(needed)}`
}
