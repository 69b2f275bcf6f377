import { pairedRatio } from '../paired-ratio.ts'
import type { Contrast, ContrastInput } from './contrast.ts'

/** Stands in until the statistics land. */
export function contrastOf(input: ContrastInput): Contrast {
  const { scale, paired, baseline, candidate, confidence } = input
  const base = { scale, paired, blocks: Math.min(baseline.length, candidate.length), confidence }
  const ratio =
    paired && scale === 'ratio'
      ? pairedRatio(
          baseline.map(({ low }) => low),
          candidate.map(({ high }) => high),
        )
      : undefined
  return { ...base, estimate: ratio?.ratio ?? null, ...(ratio?.interval && { interval: ratio.interval }) }
}
