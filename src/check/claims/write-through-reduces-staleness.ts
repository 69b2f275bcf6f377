import type { Cell } from '../../measure/run-result.ts'
import { staleShare } from '../../measure/stale-share.ts'
import { countInWords, plural, shareInWords } from '../../measure/words.ts'
import { upperBound } from '../rule-of-three.ts'
import type { Claim } from './claim.ts'
import { blocksInWords, type StrategyPair, strategyPairs, unanimous, usableCells } from './evidence.ts'
import { claimVerdict, type Finding } from './finding.ts'

const MIN_READS = 1000
const FACTOR = 0.8
const MIN_EPISODES = 10
/** Normal quantile of a two-sided 95 % test. */
const Z_95 = 1.96

export const writeThroughReducesStaleness: Claim = {
  id: 'write-through-reduces-staleness',
  sentence: 'Write-through serves fewer stale reads than cache-aside under the same load.',
  source: "Cloud vendors' caching guides on write-through: the cache is updated with every write",
  threshold:
    `stale ratio at most ${FACTOR} of cache-aside's in every block and the difference beyond chance (95 %, reads of one stale entry counted as one event); ` +
    `contradicted from ${1 / FACTOR} times in every block; at least ${MIN_READS} judged reads each and ${MIN_EPISODES} stale entries together`,
  measure(evidence) {
    const leftOut = { reasons: [] }
    const cells = usableCells(evidence.cells, leftOut, (cell) => cell.staleness !== undefined)
    const findings = strategyPairs(cells, 'cache-aside', 'write-through').map(findingOf)
    return claimVerdict(writeThroughReducesStaleness, findings, leftOut, 'no cache-aside and write-through cells share a target, a client and a load')
  },
}

function findingOf({ first: aside, second: through }: StrategyPair): Finding {
  const cells = [...through, ...aside]
  const asideTotal = totalOf(aside)
  const throughTotal = totalOf(through)
  const name = `${through[0]!.workload} against ${aside[0]!.workload} on ${aside[0]!.target.label}`
  const numbers = {
    throughStaleReads: throughTotal.stale,
    throughJudgedReads: throughTotal.judged,
    throughStaleEntries: throughTotal.episodes,
    asideStaleEntries: asideTotal.episodes,
    asideStaleReads: asideTotal.stale,
    asideJudgedReads: asideTotal.judged,
  }
  const text = `${name}: ${shareOf(throughTotal)} stale with write-through, ${shareOf(asideTotal)} with cache-aside`
  if (Math.min(throughTotal.judged, asideTotal.judged) < MIN_READS) return { outcome: 'undecided', text: `${text}: too few reads`, numbers, cells }
  if (throughTotal.stale + asideTotal.stale === 0) {
    const bound = shareInWords(upperBound(Math.min(throughTotal.judged, asideTotal.judged)))
    return { outcome: 'undecided', text: `${text}: both rates below ${bound} (3/n)`, numbers, cells }
  }
  const outcome = unanimous(
    through.map((cell, index) => {
      const mine = ratioOf(cell)
      const other = ratioOf(aside[index]!)
      return mine <= FACTOR * other && mine < other ? 'supported' : mine * FACTOR >= other && mine > other ? 'contradicted' : 'undecided'
    }),
  )
  if (throughTotal.episodes + asideTotal.episodes < MIN_EPISODES)
    return { outcome: 'undecided', text: `${text}: too few stale entries to tell`, numbers, cells }
  if (outcome === 'undecided' || zOf(throughTotal, asideTotal) < Z_95)
    return { outcome: 'undecided', text: `${text}: no clear difference`, numbers, cells }
  return { outcome, text: `${text} (${blocksInWords(through.length)})`, numbers, cells }
}

interface Total {
  readonly stale: number
  readonly judged: number
  readonly episodes: number
  readonly squares: number
}

function totalOf(cells: readonly Cell[]): Total {
  const total = { stale: 0, judged: 0, episodes: 0, squares: 0 }
  for (const { staleness } of cells) {
    total.stale += staleness!.staleReads
    total.judged += staleness!.judgedReads
    total.episodes += staleness!.staleEpisodes ?? 0
    total.squares += staleness!.staleEpisodeSquares ?? 0
  }
  return total
}

function ratioOf(cell: Cell): number {
  return staleShare(cell.staleness!) ?? 0
}

/**
 * How many standard deviations apart. An entry that stays old serves a burst of stale reads, so the number of reads
 * varies as a compound Poisson count: its variance is the sum over entries of their reads squared.
 */
function zOf(a: Total, b: Total): number {
  return Math.abs(a.stale / a.judged - b.stale / b.judged) / Math.sqrt(a.squares / a.judged ** 2 + b.squares / b.judged ** 2)
}

function shareOf({ stale, judged, episodes }: Total): string {
  return `${countInWords(stale)} of ${countInWords(judged)} reads (${shareInWords(judged === 0 ? 0 : stale / judged)}, from ${plural(episodes, 'stale entry', 'stale entries')})`
}
