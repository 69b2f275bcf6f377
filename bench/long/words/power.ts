import { contrastOf } from '../../../src/measure/inference/contrast-of.ts'
import { detectable } from '../../../src/measure/inference/detectable.ts'
import { createNoise } from './noise.ts'

const CELL_NOISE = 0.05

/**
 * Share of the experiments that find a shift as large as the minimum detectable one, computed from the deviation that the
 * log-ratios truly have. What is `worse` by that much is found by that word and by no other.
 */
export function measurePower(blocks: number, confidence: number, experiments: number, seed: number): number {
  const source = createNoise('normal', seed, `shifted, ${blocks} blocks at ${confidence}`)
  const draws = new Float64Array(2 * blocks)
  const shift = detectable(CELL_NOISE * Math.SQRT2, blocks, confidence)
  let found = 0
  for (let experiment = 0; experiment < experiments; experiment++) {
    source.fill(experiment, draws)
    const side = (from: number, factor: number) =>
      Array.from(draws.subarray(from, from + blocks), (draw) => {
        const value = factor * Math.exp(CELL_NOISE * draw)
        return { low: value, high: value }
      })
    const input = { baseline: side(0, 1), candidate: side(blocks, shift), paired: true, confidence, equivalentWithin: 0 }
    if (contrastOf({ scale: 'ratio', better: 'less', ...input }).word === 'worse') found++
  }
  return found / experiments
}
