import type { Cell } from '../../measure/run-result.ts'
import { staleShare } from '../../measure/stale-share.ts'
import type { NotTested, Verdict } from '../../measure/verdict.ts'
import { countInWords, plural, shareInWords } from '../../measure/words.ts'
import { upperBound } from '../rule-of-three.ts'
import { tooFew } from '../too-few.ts'
import type { Claim, ClaimEvidence } from './claim.ts'
import { blocksInWords, type StrategyPair, strategyPairs, unanimous, usableCells } from './evidence.ts'
import { claimVerdict, type Finding } from './finding.ts'
import { ttlInWords, writesThrough } from './strategies.ts'

const MIN_READS = 1000
const FACTOR = 0.8
const MIN_EPISODES = 10
/** Normal quantile of a two-sided 95 % test. */
const Z_95 = 1.96

/** From which figures on one strategy serves fewer stale reads than another one. */
export const STALENESS_THRESHOLD =
  `stale ratio at most ${FACTOR} of the other's in every block and the difference beyond chance (95 %, reads of one stale entry counted as one event); ` +
  `contradicted from ${1 / FACTOR} times in every block; at least ${MIN_READS} judged reads each and ${MIN_EPISODES} stale entries together`

/** Write-through against another strategy under the same load: `suites` are what would compare the two. */
export function compareStaleness(
  claim: Claim,
  evidence: ClaimEvidence,
  other: { readonly is: (cell: Cell) => boolean; readonly name: string; readonly suites: readonly string[] },
): Verdict {
  const leftOut = { reasons: [] }
  const cells = usableCells(evidence.cells, leftOut, (cell) => cell.staleness !== undefined)
  const findings = strategyPairs(cells, other.is, writesThrough).map((pair) => findingOf(pair, other))
  return claimVerdict(claim, findings, leftOut, `no write-through workload shares a target, a client and a load with one of ${other.name}`)
}

function findingOf(
  { first: aside, second: through }: StrategyPair,
  { name: otherName, suites }: { readonly name: string; readonly suites: readonly string[] },
): Finding {
  const cells = [...through, ...aside]
  const asideTotal = totalOf(aside)
  const throughTotal = totalOf(through)
  const name = `${through[0]!.workload} (${ttlInWords(through[0]!)}) against ${aside[0]!.workload} (${ttlInWords(aside[0]!)}) on ${aside[0]!.target.label}`
  const observations = Math.min(refutable(through), refutable(aside))
  const numbers = {
    throughStaleReads: throughTotal.stale,
    throughJudgedReads: throughTotal.judged,
    throughStaleEntries: throughTotal.episodes,
    asideStaleEntries: asideTotal.episodes,
    asideStaleReads: asideTotal.stale,
    asideJudgedReads: asideTotal.judged,
  }
  const text = `${name}: ${shareOf(throughTotal)} stale with write-through, ${shareOf(asideTotal)} with ${otherName}`
  const undecided = (why: string, notTested?: NotTested): Finding => ({
    outcome: 'undecided',
    observations,
    text: `${text}: ${why}`,
    numbers,
    cells,
    notTested,
  })
  const judged = Math.min(throughTotal.judged, asideTotal.judged)
  const few = tooFew(aside[0]!, { observations: judged, least: MIN_READS, of: 'reads whose freshness could be judged', testedBy: suites })
  if (few) return undecided('too few reads', few)
  if (throughTotal.stale + asideTotal.stale === 0) return undecided(`both rates below ${shareInWords(upperBound(judged))} with 95 % confidence`)
  const outcome = unanimous(
    through.map((cell, index) => {
      const mine = ratioOf(cell)
      const other = ratioOf(aside[index]!)
      return mine <= FACTOR * other && mine < other ? 'supported' : mine * FACTOR >= other && mine > other ? 'contradicted' : 'undecided'
    }),
  )
  const episodes = throughTotal.episodes + asideTotal.episodes
  if (episodes < MIN_EPISODES) return undecided('too few stale entries to tell')
  if (outcome === 'undecided' || zOf(throughTotal, asideTotal) < Z_95) return undecided('no clear difference')
  return { outcome, observations, text: `${text} (${blocksInWords(through.length)})`, numbers, cells }
}

/** Reads that could have been stale; a run of before they were counted tells those whose freshness was judged. */
function refutable(cells: readonly Cell[]): number {
  return cells.reduce((sum, { staleness }) => sum + (staleness!.refutableReads ?? staleness!.judgedReads), 0)
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
