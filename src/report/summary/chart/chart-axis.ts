import { valueInWords } from '../../../measure/metrics/figure-in-words.ts'
import { logScale, type Scale } from '../../svg/scale.ts'
import type { FigureMetric } from '../figure-metric.ts'

/** An axis of a column, from 0 at its left to 1 at its right. */
export interface ChartAxis {
  readonly isLog: boolean
  /** Values beyond the end stand at the end. */
  position(value: number): number
  readonly ticks: readonly { readonly at: number; readonly words: string }[]
}

/** Times that differ by more than this would leave the short ones in a corner. */
const LOG_FROM = 8
/** Values that all lie in the upper half are drawn closer: a hit ratio of 91 and 96 %. */
const ZOOM_FROM = 0.5
/** Letters that stand beside each other under a column. */
const MOST_LETTERS = 11
/** Decades up to which a logarithmic axis has more ticks than the powers of ten: its ends are what is shown. */
const ALL_TICKS = 20

interface Drawn {
  readonly value?: { readonly low: number; readonly high: number }
  readonly interval?: { readonly low: number; readonly high: number }
}

/** From nothing, or around the values where that shows more; logarithmic for times of several sizes. */
export function chartAxis({ unit }: Pick<FigureMetric, 'unit'>, points: readonly Drawn[]): ChartAxis {
  const values = points
    .flatMap(({ value, interval }) => [value?.low, value?.high, interval?.low, interval?.high])
    .filter((value) => value !== undefined && Number.isFinite(value)) as number[]
  const [min, max] = [Math.min(...values, Number.POSITIVE_INFINITY), Math.max(...values, 0)]
  const words = (value: number) => (value === 0 && unit !== 'ratio' ? '0' : valueInWords(value, unit))
  const isLog = unit === 'nanos' && min > 0 && max / min >= LOG_FROM
  const scale = isLog ? logScale(min, max, 0, 1, ALL_TICKS) : evenScale(min > ZOOM_FROM * max && min < max ? min - (max - min) / 2 : 0, max, unit)
  const clamped = (value: number) => Math.min(1, Math.max(0, scale.position(value)))
  const ticks = scale.ticks.map((tick) => ({ at: clamped(tick), words: words(tick) }))
  return { isLog, position: clamped, ticks: hasRoom(ticks) ? ticks : [ticks[0]!, ticks[ticks.length - 1]!] }
}

/** In a narrow column: of three, and where they are short. */
function hasRoom(ticks: ChartAxis['ticks']): boolean {
  return ticks.length <= 3 && ticks.reduce((length, { words }) => length + words.length, 0) <= MOST_LETTERS
}

/** Between multiples of a round step around the values; a tick at each where that makes two or three. */
function evenScale(min: number, max: number, unit: FigureMetric['unit']): Scale {
  const raw = (max - min) / 2 || max || 1
  const power = 10 ** Math.floor(Math.log10(raw))
  const round = [1, 2, 5, 10].find((factor) => factor * power >= raw * (1 - 1e-9)) ?? 10
  const step = unit === 'count' ? Math.max(1, round * power) : round * power
  const first = Math.floor(min / step + 1e-9)
  const last = Math.max(first + 1, Math.ceil(max / step - 1e-9))
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)))
  return { ticks, position: (value) => (value / step - first) / (last - first) }
}
