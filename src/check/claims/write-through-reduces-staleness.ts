import type { Cell } from '../../measure/run-result.ts'
import { countInWords, shareInWords } from '../../measure/words.ts'
import { upperBound } from '../rule-of-three.ts'
import type { Claim } from './claim.ts'
import { blocksInWords, type StrategyPair, strategyPairs, unanimous, usableCells } from './evidence.ts'
import { claimVerdict, type Finding } from './finding.ts'

const MIN_READS = 1000
const FACTOR = 0.8
/** Normal quantile of a two-sided 95 % test. */
const Z_95 = 1.96

export const writeThroughReducesStaleness: Claim = {
  id: 'write-through-reduces-staleness',
  sentence: 'Write-through serves fewer stale reads than cache-aside under the same load.',
  source: "Cloud vendors' caching guides on write-through: the cache is updated with every write",
  threshold:
    `stale ratio at most ${FACTOR} of cache-aside's in every block and the difference beyond chance (two proportions, 95 %); ` +
    `contradicted from ${1 / FACTOR} times in every block; at least ${MIN_READS} judged reads each`,
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
  // Stale reads come in clusters, so that chance alone moves them more than the test thinks: hence the factor beside it.
  if (outcome === 'undecided' || zOf(throughTotal, asideTotal) < Z_95)
    return { outcome: 'undecided', text: `${text}: no clear difference`, numbers, cells }
  return { outcome, text: `${text} (${blocksInWords(through.length)})`, numbers, cells }
}

interface Total {
  readonly stale: number
  readonly judged: number
}

function totalOf(cells: readonly Cell[]): Total {
  return cells.reduce((total, { staleness }) => ({ stale: total.stale + staleness!.staleReads, judged: total.judged + staleness!.judgedReads }), {
    stale: 0,
    judged: 0,
  })
}

function ratioOf(cell: Cell): number {
  return cell.staleness!.staleRatio ?? 0
}

function zOf(a: Total, b: Total): number {
  const pooled = (a.stale + b.stale) / (a.judged + b.judged)
  return Math.abs(a.stale / a.judged - b.stale / b.judged) / Math.sqrt(pooled * (1 - pooled) * (1 / a.judged + 1 / b.judged))
}

function shareOf({ stale, judged }: Total): string {
  return `${countInWords(stale)} of ${countInWords(judged)} reads (${shareInWords(judged === 0 ? 0 : stale / judged)})`
}
