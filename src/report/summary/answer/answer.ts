import { comparedContrasts } from '../../../check/comparison/compared-contrasts.ts'
import type { Comparison, ComparisonGroup, NamedContrast } from '../../../check/comparison/comparison.ts'
import { plural } from '../../../measure/words.ts'
import { aloneSentence, NOTHING_BESIDE } from './alone-sentence.ts'
import { faultSentence } from './fault-sentence.ts'
import { pairNames, tellingFactors, withPlainNames } from './level-words.ts'
import { isDifference, type Pair, pairSentence, seenSentence } from './pair-sentence.ts'
import { type Question, questionOf } from './question.ts'
import type { Sentence } from './sentence.ts'

/** The answer of a run in three to five sentences, the same in every output. */
export interface Answer {
  readonly question: Question
  readonly sentences: readonly Sentence[]
  /** Sentences that were left out. */
  readonly left: number
}

/** More than this nobody reads before looking at the picture. */
const MOST_SENTENCES = 5
/** With fewer, what was seen and not tested is worth a line. */
const FEW_SENTENCES = 3
/** Faults keep so much room beside what was compared without one. */
const MOST_FAULTS = 2
/** Below these no blocks give a word. */
const BLOCKS_FOR_A_WORD = 6

/**
 * Tested differences first, then tested pairs without one, what faults cost, and where room is left what was seen and not
 * tested. Reads everything off the comparison and computes nothing.
 */
export function answerOf(given: Comparison): Answer {
  const comparison = withPlainNames(given)
  const plain = comparison.groups.filter(({ fault }) => fault === undefined)
  const faulty = comparison.groups.filter(({ fault }) => fault !== undefined)
  const pairs = plain.flatMap((group) => pairsOf(group, comparison))
  const tested = byDifference(pairs).flatMap((pair) => pairSentence(pair) ?? [])
  const faults = faulty.flatMap((group) => faultSentence(group, contrastsOf(group, comparison), tellingFactors(comparison.factors, group)) ?? [])
  const testedFaults = faults.filter((sentence) => sentence.tested)
  const seenFaults = faults.filter((sentence) => !sentence.tested)
  const seen = seenSentences(pairs)
  const alone = aloneSentences(comparison)

  const first = tested.slice(
    0,
    Math.max(MOST_SENTENCES - Math.min(MOST_FAULTS, faults.length), MOST_SENTENCES - testedFaults.length - seenFaults.length),
  )
  const chosen = [...first, ...testedFaults, ...seenFaults].slice(0, MOST_SENTENCES)
  const fill = [...seen, ...alone]
  const wanted = chosen.length === 0 ? MOST_SENTENCES : Math.max(0, FEW_SENTENCES - chosen.length)
  const sentences = [...chosen, ...fill.slice(0, wanted)]
  const isCompared = comparedContrasts(comparison).length > 0 || sentences.length === 0
  return {
    question: questionOf(comparison),
    sentences: isCompared ? sentences : [...sentences.slice(0, MOST_SENTENCES - 1), NOTHING_BESIDE],
    left: tested.length + faults.length - chosen.length,
  }
}

/** By group, baseline and candidate, in the order in which the family names them. */
function pairsOf(group: ComparisonGroup, comparison: Comparison): readonly Pair[] {
  const byPair = new Map<string, NamedContrast[]>()
  for (const one of contrastsOf(group, comparison)) {
    const key = JSON.stringify([one.baseline, one.candidate])
    byPair.set(key, [...(byPair.get(key) ?? []), one])
  }
  return [...byPair.values()].flatMap((same) => {
    const [{ baseline: from, candidate: to, by }] = same as [NamedContrast]
    const baseline = group.alternatives.find(({ id }) => id === from)
    const candidate = group.alternatives.find(({ id }) => id === to)
    return baseline && candidate
      ? [{ names: pairNames(comparison.factors, group, [baseline, candidate], by), baseline, candidate, contrasts: same }]
      : []
  })
}

function contrastsOf({ id }: ComparisonGroup, comparison: Comparison): readonly NamedContrast[] {
  return comparedContrasts(comparison).filter(({ group }) => group === id)
}

function byDifference(pairs: readonly Pair[]): readonly Pair[] {
  return [...pairs.filter(({ contrasts }) => contrasts.some(isDifference)), ...pairs.filter(({ contrasts }) => !contrasts.some(isDifference))]
}

/** Of pairs of which no sentence could say anything tested; how it would be tested stands once, at the end. */
function seenSentences(pairs: readonly Pair[]): readonly Sentence[] {
  const silent = pairs.filter((pair) => pairSentence(pair) === undefined && seenSentence(pair, undefined) !== undefined)
  const told = silent.length > 0 ? silent : pairs.map(withoutDecided)
  const shown = told.slice(0, FEW_SENTENCES)
  return shown.flatMap((pair, index) => seenSentence(pair, index === shown.length - 1 ? whyNoWord(pair) : undefined) ?? [])
}

/** What is left to be told of a pair whose tested contrasts have been told. */
function withoutDecided(pair: Pair): Pair {
  return { ...pair, contrasts: pair.contrasts.filter(({ tested }) => !tested) }
}

function whyNoWord({ contrasts }: Pair): string | undefined {
  const blocks = Math.max(0, ...contrasts.map(({ contrast }) => contrast.blocks))
  if (blocks < BLOCKS_FOR_A_WORD)
    return `${blocks === 1 ? 'One block' : `${plural(blocks, 'block')}`} can't tell a difference from chance; --blocks 10 would.`
  return contrasts.find(({ tested, contrast }) => tested && contrast.why !== undefined)?.contrast.why
}

/** Of groups in which nothing stands beside the one alternative. */
function aloneSentences({ groups }: Comparison): readonly Sentence[] {
  return groups.flatMap((group) => {
    const [first, ...others] = group.alternatives.filter((one) => !one.isWithoutCache)
    return first === undefined || others.length > 0 ? [] : (aloneSentence(first, group) ?? [])
  })
}
