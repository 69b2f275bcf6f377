import { contrastOf } from '../../../src/measure/inference/contrast-of.ts'
import { createNoise, type NoiseKind } from './noise.ts'

/** What a contrast sees of log-ratios that are drawn as they are. */
export interface Seen {
  /** Share of the experiments whose 95 % interval holds the truth. */
  readonly covered: number
  /** Share of those that were called drifting. */
  readonly drifting: number
}

const DEVIATION = 0.05

/** `correlation`: of each block's log-ratio with that of the one before. */
export function measureCoverage(noise: NoiseKind, blocks: number, experiments: number, seed: number, correlation = 0): Seen {
  const source = createNoise(noise, seed, `log-ratios of ${blocks} blocks`)
  const logRatios = new Float64Array(blocks)
  const baseline = Array.from({ length: blocks }, () => ({ low: 1, high: 1 }))
  const fresh = Math.sqrt(1 - correlation ** 2)
  let covered = 0
  let drifting = 0
  for (let experiment = 0; experiment < experiments; experiment++) {
    source.fill(experiment, logRatios)
    for (let block = 1; block < blocks; block++) logRatios[block] = correlation * logRatios[block - 1]! + fresh * logRatios[block]!
    const candidate = Array.from(logRatios, (logRatio) => {
      const ratio = Math.exp(DEVIATION * logRatio)
      return { low: ratio, high: ratio }
    })
    const { interval, drifts } = contrastOf({
      scale: 'ratio',
      better: 'less',
      baseline,
      candidate,
      paired: true,
      confidence: 0.95,
      equivalentWithin: 0.05,
    })
    if (interval!.low <= 1 && interval!.high >= 1) covered++
    if (drifts) drifting++
  }
  return { covered: covered / experiments, drifting: drifting / experiments }
}
