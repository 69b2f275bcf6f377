import type { Alternative, ComparisonGroup } from '../../../check/comparison/comparison.ts'
import { isMissing } from '../../../measure/metrics/figure.ts'
import { figureInWords } from '../../../measure/metrics/figure-in-words.ts'
import { figureMetric } from '../figure-metric.ts'
import { faultWords } from './fault-words.ts'
import { phraseOf } from './figure-phrase.ts'
import { pooled } from './pair-sentence.ts'
import { enumerated, type Sentence } from './sentence.ts'

const FIGURES = ['read.p50', 'read.p99', 'hit_ratio', 'database_reads', 'stale_ratio', 'memory'] as const
const MOST_FIGURES = 4

/** The figures of an alternative that nothing stands beside; undefined where it has none. */
export function aloneSentence(alternative: Alternative, group: ComparisonGroup): Sentence | undefined {
  if (alternative.leftOut !== undefined) return { tested: false, parts: [{ text: `${alternative.name}: ${alternative.leftOut}.` }] }
  const figures = FIGURES.flatMap((name) => {
    const figure = pooled(alternative, name)
    const { unit, head } = figureMetric(name)
    return isMissing(figure) ? [] : [`${phraseOf(name, head).noun} ${figureInWords(figure, unit)}`]
  })
  if (figures.length === 0) return undefined
  const under = group.fault === undefined ? '' : `, around ${faultWords(group.fault)}`
  return { tested: false, parts: [{ text: `${alternative.name}${under}: ${enumerated(figures.slice(0, MOST_FIGURES))}.` }] }
}

/** What to do where nothing can be compared. */
export const NOTHING_BESIDE: Sentence = {
  tested: false,
  parts: [{ text: 'Nothing was measured beside it: name another workload, another --target, or vary a setting (--vary with.ttl=1s,10s,60s).' }],
}
