import type { Cell } from '../run-result.ts'
import { exactly, type Figure, type MissingFigure, missing } from './figure.ts'
import type { Sample } from './sample.ts'

/** Sum of a checker's field over the blocks; missing with the reason where no block has it. */
export function checkedField(sample: Sample, field: (cell: Cell) => number | undefined, otherwise: string): Figure {
  const values = sample.cells.flatMap((cell) => field(cell) ?? [])
  return values.length === 0 ? checkedMissing(sample, otherwise) : exactly(values.reduce((sum, value) => sum + value, 0))
}

/** Why a checker said nothing: the history was not recorded, or it does not apply. */
export function checkedMissing({ cells }: Sample, otherwise: string): MissingFigure {
  const off = cells.some(({ history }) => history.level === 'off')
  return missing(off ? 'the history level is "off"; record with --history full' : otherwise)
}
