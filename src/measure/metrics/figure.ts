/**
 * What a metric comes to. Operations of unknown outcome make it a stretch: `low` and `high` are what it is at least
 * and at most (base units; `high` may be infinite). Where they agree to three digits it is one number.
 */
export type Figure = MeasuredFigure | MissingFigure

export interface MeasuredFigure {
  readonly low: number
  readonly high: number
  /** Share of the operations behind it, 0..1, whose outcome nobody knows. */
  readonly unknownShare?: number
  /** Share of the operations of its kind, 0..1, that failed for certain and are not in it. */
  readonly failedShare?: number
  /** What must be said beside it. */
  readonly note?: string
}

/** `low`, `high`: the value is not known, but is no smaller, or no larger, than this. */
export interface MissingFigure {
  readonly missing: string
  readonly low?: number
  readonly high?: number
}

export function exactly(value: number, note?: string): MeasuredFigure {
  return { low: value, high: value, ...(note !== undefined && { note }) }
}

export function missing(why: string): MissingFigure {
  return { missing: why }
}

export function isMissing(figure: Figure): figure is MissingFigure {
  return 'missing' in figure
}

/** The one number of a figure whose bounds agree to three significant digits; null for a stretch and for what is missing. */
export function singleValue(figure: Figure): number | null {
  if (isMissing(figure)) return null
  const { low, high } = figure
  return low === high || Number(low.toPrecision(3)) === Number(high.toPrecision(3)) ? low : null
}
