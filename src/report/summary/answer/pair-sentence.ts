import type { Alternative, NamedContrast } from '../../../check/comparison/comparison.ts'
import { type Figure, isMissing } from '../../../measure/metrics/figure.ts'
import { figureInWords, valueInWords } from '../../../measure/metrics/figure-in-words.ts'
import { plural } from '../../../measure/words.ts'
import { figureMetric } from '../figure-metric.ts'
import { boundsInWords, changeOf, signedChange } from './change-in-words.ts'
import { phraseOf } from './figure-phrase.ts'
import { capitalised, NO_CACHE, type PairNames } from './level-words.ts'
import { enumerated, type Sentence, type SentencePart } from './sentence.ts'

/** A candidate, its baseline, and the contrasts between them that a sentence may use. */
export interface Pair {
  readonly names: PairNames
  readonly baseline: Alternative
  readonly candidate: Alternative
  readonly contrasts: readonly NamedContrast[]
}

/** More clauses than this and nobody reads to the end. */
const MOST_CLAUSES = 4

/** Whether the blocks said something of a contrast: a word, or that nothing could have differed. */
export function isDecided({ tested, contrast }: NamedContrast): boolean {
  return tested && (contrast.word !== undefined || contrast.construction !== undefined)
}

/** A difference: what a sentence begins with. */
export function isDifference(one: NamedContrast): boolean {
  const { word, construction } = one.contrast
  return (
    isDecided(one) &&
    (construction === 'fixed ratio' || construction === 'fixed difference' || word === 'better' || word === 'worse' || word === 'different')
  )
}

/**
 * What was tested between two alternatives, in the order of the family: differences first, then what makes none.
 * Undefined where nothing was decided.
 */
export function pairSentence(pair: Pair): Sentence | undefined {
  const { names } = pair
  const decided = pair.contrasts.filter(isDecided)
  if (decided.length === 0) return undefined
  const differences = decided.filter(isDifference)
  const others = decided.filter((one) => !isDifference(one)).map((one) => undecidedWords(pair, one))
  const drifting = pair.contrasts.filter(({ tested, contrast }) => tested && contrast.drifts && contrast.word === undefined).map(driftWords)
  const tail = [...others, ...drifting]
  const context = names.context === undefined ? '' : `${capitalised(names.context)}, `
  if (differences.length === 0) {
    return { tested: true, parts: [{ text: `${context}${names.candidate} and ${names.baseline}: ${tail.join('; ')}.` }] }
  }
  const shown = differences.slice(0, MOST_CLAUSES)
  const more = differences.length - shown.length
  const parts: SentencePart[] = [{ text: `${context}${names.candidate} ` }]
  for (const [index, one] of shown.entries()) {
    if (index > 0) parts.push({ text: index === shown.length - 1 && more === 0 ? ' and ' : ', ' })
    parts.push(...differenceParts(pair, one, index === 0))
  }
  if (more > 0) parts.push({ text: ` and differs in ${plural(more, 'more figure')}` })
  parts.push({ text: `${tail.map((one) => `; ${one}`).join('')}.` })
  return { tested: true, parts }
}

/** "reads the database 46 % less" in its tone, " than cache-aside (−49 to −43 %)" behind it. */
function differenceParts(pair: Pair, one: NamedContrast, isFirst: boolean): readonly SentencePart[] {
  const { word, scale } = one.contrast
  const { clause, other, bounds } = scale === 'share' ? shareClause(pair, one, isFirst) : ratioClause(pair, one, isFirst)
  const tone = word === 'better' || word === 'worse' || word === 'different' ? word : undefined
  const behind = `${other}${bounds === '' ? '' : ` (${bounds})`}`
  return [{ text: clause, ...(tone && { tone }) }, ...(behind === '' ? [] : [{ text: behind }])]
}

interface Clause {
  readonly clause: string
  /** With whom it compares, where the sentence has not said so yet. */
  readonly other: string
  readonly bounds: string
}

function ratioClause({ names }: Pair, { figure, contrast }: NamedContrast, isFirst: boolean): Clause {
  const change = changeOf(contrast.estimate ?? Number.NaN, contrast.interval)
  const phrase = phraseOf(figure, figureMetric(figure).head)
  const clause = phrase.ratio(change)
  const baseline = names.baseline === NO_CACHE ? 'without a cache' : names.baseline
  return {
    clause,
    other: isFirst ? phrase.ratio(change, baseline).slice(clause.length) : '',
    bounds: contrast.construction === 'fixed ratio' ? 'by construction, in every block' : (change.bounds ?? ''),
  }
}

/** Of shares the values say more than their difference; the interval is the difference's. */
function shareClause(pair: Pair, { figure, contrast }: NamedContrast, isFirst: boolean): Clause {
  const { unit, head } = figureMetric(figure)
  const phrase = phraseOf(figure, head)
  const [from, to] = [pooled(pair.baseline, figure), pooled(pair.candidate, figure)]
  const fromWords = isNone(from) ? 'none' : `${figureInWords(from, unit)}${phrase.of ?? ''}`
  const limit = isNone(to)
    ? limitWords(contrast.upperBound?.candidate, 'at most ')
    : isNone(from)
      ? limitWords(contrast.upperBound?.baseline, `${pair.names.baseline} at most `)
      : undefined
  const seen = contrast.interval ?? contrast.range
  const bounds = contrast.construction === 'fixed difference' ? 'by construction, in every block' : seen && boundsInWords(seen, 'share', unit)
  return {
    clause: isNone(to) ? phrase.none : phrase.share(figureInWords(to, unit)),
    other: isFirst ? `, ${pair.names.baseline} ${fromWords}` : ` instead of ${fromWords}`,
    bounds: [bounds, limit].filter((one) => one !== undefined).join('; '),
  }
}

function limitWords(share: number | undefined, words: string): string | undefined {
  return share === undefined ? undefined : `${words}${valueInWords(share, 'ratio')}`
}

/** "no difference shown in read p99 (−4 to +6 %; 18 blocks would tell)" */
function undecidedWords({ baseline, candidate }: Pair, { figure, contrast }: NamedContrast): string {
  const { head, unit } = figureMetric(figure)
  const { noun } = phraseOf(figure, head)
  const { interval, range, scale, construction, word, blocks, blocksNeeded } = contrast
  if (construction !== undefined) return `identical by construction in ${noun}`
  const bounds = interval && boundsInWords(interval, scale, unit)
  if (word === 'equivalent') return `no difference that matters in ${noun}${bounds === undefined ? '' : ` (${bounds})`}`
  const wouldTell = blocksNeeded === undefined ? undefined : `${plural(blocksNeeded, 'block')} would tell`
  if (range !== undefined) {
    const values = [candidate, baseline].map((one) => figureInWords(pooled(one, figure), unit))
    return `${noun} ${values.join(' instead of ')}, too few blocks for a word (${[plural(blocks, 'block'), wouldTell].filter((one) => one !== undefined).join('; ')})`
  }
  const asides = [bounds, wouldTell].filter((one) => one !== undefined)
  return `no difference shown in ${noun}${asides.length === 0 ? '' : ` (${asides.join('; ')})`}`
}

function driftWords({ figure }: NamedContrast): string {
  return `no word on ${phraseOf(figure, figureMetric(figure).head).noun}, which drifts from block to block`
}

/** Figures that a sentence of what was seen names at most, and those that it names first: what was to be tested, then what most is asked of. */
const MOST_SEEN = 3
const SEEN_FIRST: readonly string[] = ['database_reads', 'read.p50', 'read.p99', 'hit_ratio', 'stale_ratio', 'memory']

function seenRank({ tested, figure }: NamedContrast): number {
  const place = SEEN_FIRST.indexOf(figure)
  return (tested ? 0 : SEEN_FIRST.length + 1) + (place < 0 ? SEEN_FIRST.length : place)
}

/**
 * What was seen between two alternatives and not tested; undefined where nothing was. `why` ends it: how it would be
 * tested.
 */
export function seenSentence(pair: Pair, why: string | undefined): Sentence | undefined {
  const { names } = pair
  const ordered = [...pair.contrasts].sort((a, b) => seenRank(a) - seenRank(b))
  const seen = ordered.flatMap((one) => seenWords(pair, one) ?? []).slice(0, MOST_SEEN)
  if (seen.length === 0) return undefined
  const context = names.context === undefined ? '' : `${names.context}, `
  const tail = why === undefined ? '' : ` ${why}`
  return {
    tested: false,
    parts: [{ text: `Seen, not tested: ${context}${names.candidate} against ${names.baseline} has ${enumerated(seen)}.${tail}` }],
  }
}

/** "database reads −46 %", "a hit ratio of 93 % instead of 88 %" */
function seenWords(pair: Pair, { figure, contrast }: NamedContrast): string | undefined {
  const metric = figureMetric(figure)
  const { noun } = phraseOf(figure, metric.head)
  if (contrast.construction === 'identical by construction') return undefined
  if (contrast.scale === 'ratio' && contrast.estimate !== null) {
    return contrast.estimate === 1 ? `the same ${noun}` : `${noun} ${signedChange(contrast.estimate)}`
  }
  const [from, to] = [pooled(pair.baseline, figure), pooled(pair.candidate, figure)]
  if (isMissing(from) || isMissing(to)) return undefined
  const [fromWords, toWords] = [figureInWords(from, metric.unit), figureInWords(to, metric.unit)]
  return fromWords === toWords ? undefined : `${noun} ${toWords} instead of ${fromWords}`
}

export function pooled(alternative: Alternative, figure: string): Figure {
  return alternative.figures[figure]?.pooled ?? { missing: 'it was not measured' }
}

export function isNone(figure: Figure): boolean {
  return !isMissing(figure) && figure.high === 0
}
