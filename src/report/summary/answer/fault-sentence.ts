import type { Alternative, ComparisonGroup, NamedContrast } from '../../../check/comparison/comparison.ts'
import { type Figure, isMissing, type MeasuredFigure } from '../../../measure/metrics/figure.ts'
import { figureInWords } from '../../../measure/metrics/figure-in-words.ts'
import { countInWords, plural } from '../../../measure/words.ts'
import { faultWords } from './fault-words.ts'
import { capitalised, contextWords } from './level-words.ts'
import { isDecided, isNone, pooled } from './pair-sentence.ts'
import { enumerated, type Sentence, type SentencePart } from './sentence.ts'

/** The figures that tell what a fault took away for good, the most telling first. */
const LOSSES = ['lost', 'lost_sessions', 'lost_increments', 'lost_updates'] as const

/** "A kill lost 967 sessions on Memcached and none on Valkey." Undefined for a group without a fault, or in which nothing could be lost. */
export function faultSentence(group: ComparisonGroup, contrasts: readonly NamedContrast[], telling: readonly string[]): Sentence | undefined {
  const figure = LOSSES.find((name) => group.alternatives.some((alternative) => !isMissing(pooled(alternative, name))))
  if (group.fault === undefined || figure === undefined) return undefined
  const fault = faultWords(group.fault)
  const struck = group.alternatives.filter((alternative) => !alternative.isWithoutCache && !isMissing(pooled(alternative, figure)))
  const decided = contrasts.filter((contrast) => contrast.figure === figure && isDecided(contrast))
  const told = struck.filter((alternative) =>
    decided.some((contrast) => contrast.candidate === alternative.id || contrast.baseline === alternative.id),
  )
  const tested = told.length > 1
  const shown = tested ? told : struck
  if (shown.length === 0) return undefined
  const parts: SentencePart[] = [{ text: `${tested ? capitalised(fault) : `Seen, not tested: ${fault}`} lost ` }]
  for (const [index, alternative] of shown.entries()) {
    if (index > 0) parts.push({ text: index === shown.length - 1 ? ' and ' : ', ' })
    const count = lostWords(pooled(alternative, figure), index === 0 ? lostThing(alternative) : undefined)
    const word = decided.find((contrast) => contrast.candidate === alternative.id)?.contrast.word
    parts.push({ text: `${count} ${whereWords(alternative, telling)}`, ...((word === 'better' || word === 'worse') && { tone: word }) })
  }
  const identical = decided.length > 0 && decided.every(({ contrast }) => contrast.construction === 'identical by construction')
  const undecided = decided.length > 0 && decided.every(({ contrast }) => contrast.word === 'inconclusive')
  parts.push({ text: identical ? ', identical by construction.' : undecided ? `: no difference shown${blocksThatTell(decided)}.` : '.' })
  return { tested, parts }
}

/** What a fault cost one alternative: errors, time without service, what was lost. */
export function costSentence(alternative: Alternative, fault: string): string {
  const known = (names: readonly string[]) =>
    names.map((name) => pooled(alternative, name)).find((figure): figure is MeasuredFigure => !isMissing(figure))
  const away = known(['service_read_unavailable', 'read_unavailable'])
  const gap = known(['read_unavailable'])
  const loss = known(LOSSES)
  const errors = known(['errors'])
  const failed = errors === undefined ? known(['error_ratio']) : undefined
  const parts = [
    ...(errors === undefined ? [] : [isNone(errors) ? 'no error' : plural(errors.high, 'error')]),
    ...(failed === undefined ? [] : [isNone(failed) ? 'no error' : `${figureInWords(failed, 'ratio')} of operations failed`]),
    ...(away === undefined ? [] : [awayWords(away, gap)]),
    ...(loss === undefined ? [] : [isNone(loss) ? 'nothing lost' : `${lostWords(loss, lostThing(alternative))} lost`]),
  ]
  const words = faultWords(fault)
  return parts.length === 0 ? `What ${words} cost was not measured.` : `${capitalised(words)} cost ${enumerated(parts)}.`
}

/** Where a database stands behind the cache, reads may go on without it. */
function awayWords(away: MeasuredFigure, gap: MeasuredFigure | undefined): string {
  if (isNone(away)) return 'no time without service'
  const words = figureInWords(away, 'nanos')
  return gap !== undefined && isNone(gap)
    ? `no time without reads, though the cache was away for ${words}`
    : `${words} without service at the longest`
}

/** What a pattern keeps in the cache alone, and can lose. */
function lostThing({ cells }: Alternative): readonly [one: string, many: string] {
  if (cells.some(({ sessions }) => sessions !== undefined)) return ['session', 'sessions']
  if (cells.some(({ leaderboard }) => leaderboard !== undefined)) return ['increment', 'increments']
  return ['acknowledged write', 'acknowledged writes']
}

function lostWords(figure: Figure, what: readonly [one: string, many: string] | undefined): string {
  if (isMissing(figure)) return 'an unknown number'
  if (isNone(figure)) return what === undefined ? 'none' : `no ${what[0]}`
  const { low, high } = figure
  if (low !== high) return `${figureInWords(figure, 'count')}${what === undefined ? '' : ` ${what[1]}`}`
  return what === undefined ? countInWords(high) : plural(high, what[0], what[1])
}

/** "on Memcached" where alternatives differ in their target alone; else by its name. */
function whereWords(alternative: Alternative, telling: readonly string[]): string {
  const target = alternative.factors['target']
  return telling.length === 1 && telling[0] === 'target' && target !== undefined ? contextWords('target', target) : `with ${alternative.name}`
}

function blocksThatTell(decided: readonly NamedContrast[]): string {
  const needed = Math.max(0, ...decided.map(({ contrast }) => contrast.blocksNeeded ?? 0))
  return needed === 0 ? '' : ` (${plural(needed, 'block')} would tell)`
}
