import { digits } from '../../measure/words.ts'
import { HEADLINE_COLUMNS } from '../summary/headline.ts'
import type { ComparedFigure, Difference } from './comparison.ts'

/** "+1.2 ms (+12 %)"; "the same" for none. Shares differ in percentage points. */
export function differenceInWords(figure: ComparedFigure, difference: Difference): string {
  const { absolute, relative } = difference
  if (absolute === 0) return 'the same'
  const sign = absolute > 0 ? '+' : '−'
  return `${sign}${sizeInWords(figure.name, Math.abs(absolute))}${relative === null ? '' : ` (${signedPercent(relative)})`}`
}

/** "95 % interval −3 % to +9 %, 8 blocks; could have seen +4 %". */
export function intervalInWords({ paired }: Difference): string | undefined {
  if (!paired) return undefined
  if (!paired.interval) return `${paired.blocks} block${paired.blocks === 1 ? '' : 's'}: too few for an interval (6)`
  const seen = paired.minimumDetectableRatio === undefined ? '' : `; could have seen ${signedPercent(paired.minimumDetectableRatio - 1)}`
  return `95 % interval ${signedPercent(paired.interval.low - 1)} to ${signedPercent(paired.interval.high - 1)}, ${paired.blocks} blocks${seen}`
}

export function signedPercent(share: number): string {
  const percent = share * 100
  if (!Number.isFinite(percent)) return 'without bound'
  return `${percent > 0 ? '+' : percent < 0 ? '−' : ''}${digits(Math.abs(percent))} %`
}

function sizeInWords(name: string, size: number): string {
  if (name.endsWith('Ratio') || name.endsWith('Offload')) return `${digits(size * 100)} points`
  const column = HEADLINE_COLUMNS.find((one) => one.name === name)
  // Words of a count may name its unit, which is said in the value itself.
  return column && /Nanos$|PerSecond$/.test(name) ? column.words(size, NO_FIGURES) : digits(size)
}

/** For words that depend on the value alone. */
const NO_FIGURES = {} as Parameters<(typeof HEADLINE_COLUMNS)[number]['words']>[1]
