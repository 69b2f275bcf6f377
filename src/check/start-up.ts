import { truncationPoint } from '../measure/inference/truncation-point.ts'
import type { Cell } from '../measure/run-result.ts'
import { standardDeviation } from '../measure/statistics.ts'
import type { Nanos } from '../runtime/runtime.ts'
import { sumSteps } from './series-windows.ts'

/** The beginning of the measured time reads another hit ratio than the rest: the cache was still filling, or emptying. */
export interface StartUp {
  /** From the beginning of the measured time. */
  readonly nanos: Nanos
  readonly hitRatioThen: number
  readonly hitRatioAfterwards: number
}

/** A difference below this changes no decision, however sure it is. */
const LEAST_DIFFERENCE = 0.02
/** The place of the cut was chosen to make the difference large, so that two would be too few. */
const STANDARD_ERRORS = 5

type SteadyCell = Pick<Cell, 'series' | 'events' | 'warmUp'>

/**
 * Looks back at a load that was called steady: where MSER-5 would cut it, the part before the cut is held against the part
 * behind it. Only what lies before the first fault is looked at. Undefined where there is nothing to say; it can add a
 * warning and take none away.
 */
export function startUpLeft({ series, events, warmUp }: SteadyCell): StartUp | undefined {
  if (!warmUp || warmUp.kind === 'none') return undefined
  const phases = events.filter(({ kind, warmUp: isWarmUp }) => kind === 'phase' && isWarmUp !== true)
  const begin = Math.min(...phases.map(({ startNanos }) => startNanos))
  const end = Math.min(
    Math.max(...phases.map(({ endNanos }) => endNanos ?? 0)),
    ...events.filter(({ kind }) => kind === 'fault').map(({ startNanos }) => startNanos),
  )
  const { intervalNanos, hits, misses } = series
  const [from, to] = [Math.ceil(begin / intervalNanos), Math.floor(end / intervalNanos)]
  if (!(to > from)) return undefined
  const ratios: number[] = []
  for (let step = from; step < Math.min(to, hits.length); step++) {
    const reads = hits[step]! + misses[step]!
    // An interval without a read says nothing of the ratio, and shifts what comes after it: then nothing is judged.
    if (reads === 0) return undefined
    ratios.push(hits[step]! / reads)
  }
  const cut = truncationPoint(ratios)
  if (cut === undefined || cut === 0) return undefined
  const [before, after] = [ratioOf(series, from, from + cut), ratioOf(series, from + cut, from + ratios.length)]
  const error = Math.hypot(standardErrorOf(ratios.slice(0, cut)), standardErrorOf(ratios.slice(cut)))
  const difference = Math.abs(before - after)
  if (difference < LEAST_DIFFERENCE || difference <= STANDARD_ERRORS * error) return undefined
  return { nanos: cut * intervalNanos, hitRatioThen: before, hitRatioAfterwards: after }
}

function ratioOf({ hits, misses }: Cell['series'], from: number, to: number): number {
  const found = sumSteps(hits, from, to)
  return found / (found + sumSteps(misses, from, to))
}

function standardErrorOf(values: readonly number[]): number {
  return standardDeviation(values) / Math.sqrt(values.length)
}
