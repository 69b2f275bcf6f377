import type { Interval } from '../statistics.ts'
import type { Construction, Word } from './contrast.ts'

/**
 * What the blocks say where each side stands at one of its bounds: a contrast on a scale on which differences add up,
 * logarithms for ratios.
 */
export interface Reading {
  readonly estimate: number
  readonly interval?: Interval | undefined
  readonly range?: Interval | undefined
  readonly deviation?: number | undefined
  readonly word?: Word | undefined
  readonly construction?: Construction | undefined
  readonly why?: string | undefined
  readonly pValue?: number | undefined
  readonly minimumDetectable?: number | undefined
  readonly blocksNeeded?: number | undefined
  readonly drifts?: boolean | undefined
}

/** What a word is given by. */
export interface Rule {
  readonly better: 'more' | 'less' | 'none'
  readonly confidence: number
  /** Of a ratio or of a difference: which of them is fixed where nothing varies. */
  readonly scale: 'ratio' | 'share'
  /** Within so much of zero is no difference that matters. */
  readonly margin: number
}
