import { createChance } from '../../../src/runtime/chance.ts'
import type { Stream } from '../../../src/runtime/runtime.ts'

export type NoiseKind = 'normal' | 'heavy-tailed' | 'exponential'

/** Independent draws of mean 0 and, but for the heavy tails, deviation 1; the same for the same seed, wherever one begins. */
export interface Noise {
  /** Of one experiment. */
  fill(experiment: number, out: Float64Array): void
}

export function createNoise(kind: NoiseKind, seed: number, concern: string): Noise {
  const stream = createChance(seed).stream(`words: ${kind}, ${concern}`)
  const draw = DRAWS[kind]
  return {
    fill(experiment, out) {
      for (let at = 0; at < out.length; at++) out[at] = draw(stream, experiment, LANES * at)
    },
  }
}

/** That one draw takes at most. */
const LANES = 8

const DRAWS: Readonly<Record<NoiseKind, (stream: Stream, index: number, lane: number) => number>> = {
  normal,
  /** Student's t with three degrees, the heaviest that has a variance. */
  'heavy-tailed': (stream, index, lane) => {
    // Of normal squares, two are an exponential.
    const squares = -2 * Math.log(1 - stream.uniform(index, lane + 2)) + normal(stream, index, lane + 3) ** 2
    return normal(stream, index, lane) / Math.sqrt(squares / 3)
  },
  exponential: (stream, index, lane) => -Math.log(1 - stream.uniform(index, lane)) - 1,
}

/** Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958. */
function normal(stream: Stream, index: number, lane: number): number {
  return Math.sqrt(-2 * Math.log(1 - stream.uniform(index, lane))) * Math.cos(2 * Math.PI * stream.uniform(index, lane + 1))
}
