import { startUpLeft } from '../../check/start-up.ts'
import type { Cell } from '../../measure/run-result.ts'
import { countInWords, nanosInWords, plural, shareInWords } from '../../measure/words.ts'

/** How a cell was warmed up and why that ended, in a sentence or two; undefined for a run that does not say. */
export function warmUpInWords({ warmUp }: Pick<Cell, 'warmUp'>): string | undefined {
  if (!warmUp) return undefined
  const { kind, nanos, endedBecause, filledEntries, indicators } = warmUp
  if (kind === 'none') return 'It was measured from the first operation on, without a warm-up.'
  if (kind === 'fixed')
    return `It was warmed up for ${nanosInWords(nanos)}, as the workload says; whether the cache was in a steady state by then was not judged.`
  const filled =
    filledEntries === 0 ? '' : `${plural(filledEntries, 'entry', 'entries')} were stored first, as the cache would hold them in the long run. `
  const judged = indicators.filter((one) => one.judged).map(readingInWords)
  const aside = indicators.filter((one) => !one.judged).map(({ name }) => NAMES[name] ?? name)
  return [
    `${filled}The warm-up took ${nanosInWords(nanos)}: ${REASONS[endedBecause]}${judged.length > 0 ? ` (${judged.join('; ')})` : ''}.`,
    ...(aside.length > 0 ? [`Not judged, since the endpoint is not asked: ${aside.join(', ')}.`] : []),
  ].join(' ')
}

/** Cells that were measured although their load had not become steady, in a sentence; undefined when there are none. */
export function unsteadyReason(cells: readonly Pick<Cell, 'id' | 'warmUp' | 'series' | 'events'>[]): string | undefined {
  const unsteady = cells.filter(({ warmUp }) => warmUp?.endedBecause === 'cap')
  const [first] = unsteady
  if (!first?.warmUp) return startUpReason(cells)
  const differing = first.warmUp.indicators.filter(({ judged, agrees }) => judged && !agrees).map(readingInWords)
  const why = differing.length > 0 ? differing.join('; ') : 'too few operations for two windows'
  return `${first.id}${andMore(unsteady)} had not settled (${why}); a longer warm-up, such as warm-up: 30s, would tell.`
}

/** What looked steady and was not, as the measured time itself shows. */
function startUpReason(cells: readonly Pick<Cell, 'id' | 'warmUp' | 'series' | 'events'>[]): string | undefined {
  const found = cells.flatMap((cell) => {
    const startUp = startUpLeft(cell)
    return startUp ? [{ id: cell.id, ...startUp }] : []
  })
  const [first] = found
  if (!first) return undefined
  const then = `hit ratio ${shareInWords(first.hitRatioThen)} in the first ${nanosInWords(first.nanos)}, ${shareInWords(first.hitRatioAfterwards)} afterwards`
  return `${first.id}${andMore(found)} began to settle only while it was measured (${then}); a longer warm-up, such as warm-up: 30s, leaves that out.`
}

function andMore(cells: readonly unknown[]): string {
  return cells.length > 1 ? ` and ${plural(cells.length - 1, 'more measurement')}` : ''
}

const REASONS: Readonly<Record<NonNullable<Cell['warmUp']>['endedBecause'], string>> = {
  steady: 'nothing that was watched changed any more over two windows of 2,000 operations',
  'one window': 'one window of 2,000 operations, since the pattern has nothing that would have to settle',
  'as long as its comparison': 'as long as the longest of what it is compared with',
  cap: 'its time was up before the load was steady',
  fixed: 'as the workload says',
  none: 'there was none',
}

const NAMES: Readonly<Record<string, string>> = { hit_ratio: 'hit ratio', evictions: 'evictions an operation', items: 'items in the cache' }

function readingInWords({ name, first, second }: NonNullable<Cell['warmUp']>['indicators'][number]): string {
  const words = (value: number | null) => (value === null ? 'none' : name === 'items' ? countInWords(value) : shareInWords(value))
  return `${NAMES[name] ?? name} ${words(first)}, then ${words(second)}`
}
