import { contrastOf } from '../../../src/measure/inference/contrast-of.ts'
import type { MeasuredFigure } from '../../../src/measure/metrics/figure.ts'
import { createNoise, type NoiseKind } from './noise.ts'

/** Two figures of four alternatives against one baseline: m = 8. */
const ALTERNATIVES = 4
const FIGURES = 2
const FAMILY_SIZE = ALTERNATIVES * FIGURES
export const FAMILY_CONFIDENCE = 1 - 0.05 / FAMILY_SIZE
/** Of the two figures of one cell: what slows its reads loads its database. */
const CORRELATION = 0.6
/** Of a cell, in logarithms; and of what all cells of a block share, which pairing takes out. */
const CELL_NOISE = 0.05
const BLOCK_NOISE = 0.3

/**
 * How many A/A families have a word that is false: all alternatives are the same, so `better` and `worse` are. As in a real
 * family, all contrasts of a figure share their baseline, and the figures of a cell are correlated. The noise is that of a
 * cell: of two that are the same, however they lean, the log-ratio leans to no side.
 */
export function countFalseWords(noise: NoiseKind, blocks: number, families: number, seed: number): number {
  const cells = 1 + ALTERNATIVES
  const cellNoise = createNoise(noise, seed, `cells of ${blocks} blocks`)
  const blockNoise = createNoise('normal', seed, `${blocks} blocks`)
  const draws = new Float64Array(cells * FIGURES * blocks)
  const shared = new Float64Array(FIGURES * blocks)
  const own = Math.sqrt(1 - CORRELATION ** 2)
  let falseFamilies = 0
  for (let family = 0; family < families; family++) {
    cellNoise.fill(family, draws)
    blockNoise.fill(family, shared)
    const figuresOf = (cell: number, figure: number): MeasuredFigure[] =>
      Array.from({ length: blocks }, (_, block) => {
        const at = cell * FIGURES * blocks + block
        const off = figure === 0 ? draws[at]! : CORRELATION * draws[at]! + own * draws[at + blocks]!
        const value = Math.exp(CELL_NOISE * off + BLOCK_NOISE * shared[figure * blocks + block]!)
        return { low: value, high: value }
      })
    if (hasFalseWord(figuresOf)) falseFamilies++
  }
  return falseFamilies
}

function hasFalseWord(figuresOf: (cell: number, figure: number) => MeasuredFigure[]): boolean {
  for (let figure = 0; figure < FIGURES; figure++) {
    const baseline = figuresOf(0, figure)
    for (let alternative = 1; alternative <= ALTERNATIVES; alternative++) {
      const { word } = contrastOf({
        scale: 'ratio',
        better: 'less',
        baseline,
        candidate: figuresOf(alternative, figure),
        paired: true,
        confidence: FAMILY_CONFIDENCE,
        equivalentWithin: 0.05,
      })
      if (word === 'better' || word === 'worse') return true
    }
  }
  return false
}
