import type { Cell } from '../../measure/run-result.ts'
import { shareInWords } from '../../measure/words.ts'
import type { Claim } from './claim.ts'
import { blocksInWords, type StrategyPair, strategyPairs, unanimous, usableCells } from './evidence.ts'
import { claimVerdict, type Finding } from './finding.ts'
import { isCachedRows, okCount, plainHits, plainMisses } from './row-patterns.ts'

const MIN_READS = 1000
const POINTS = 0.01

/** Reads of rows that are there; those of absent rows are a workload's choice, not the strategy's. */
export const writeThroughRaisesHitRatio: Claim = {
  id: 'write-through-raises-hit-ratio',
  sentence: 'Write-through has a higher hit ratio than cache-aside under the same load: a write does not cost the next reader a miss.',
  source: "Cloud vendors' caching guides on write-through: there is no penalty of a miss after a write",
  threshold: `hit ratio higher by at least one percentage point in every block; contradicted when lower by as much; at least ${MIN_READS} reads each`,
  measure(evidence) {
    const leftOut = { reasons: [] }
    const cells = usableCells(evidence.cells, leftOut, isCachedRows)
    const findings = strategyPairs(cells, 'cache-aside', 'write-through').map(findingOf)
    return claimVerdict(writeThroughRaisesHitRatio, findings, leftOut, 'no cache-aside and write-through cells share a target, a client and a load')
  },
}

function findingOf({ first: aside, second: through }: StrategyPair): Finding {
  const cells = [...through, ...aside]
  const name = `${through[0]!.workload} against ${aside[0]!.workload} on ${aside[0]!.target.label}`
  const reads = Math.min(...cells.map((cell) => readsOf([cell])))
  if (reads < MIN_READS) return { outcome: 'undecided', text: `${name}: only ${reads} reads in a cell`, cells }
  const throughHitRatio = hitRatioOf(through)
  const asideHitRatio = hitRatioOf(aside)
  const outcome = unanimous(
    through.map((cell, index) => {
      const difference = hitRatioOf([cell]) - hitRatioOf([aside[index]!])
      return difference >= POINTS ? 'supported' : difference <= -POINTS ? 'contradicted' : 'undecided'
    }),
  )
  const blocks = outcome === 'undecided' ? 'no clear difference' : blocksInWords(through.length)
  return {
    outcome,
    text: `${name}: hit ratio ${shareInWords(throughHitRatio)} with write-through, ${shareInWords(asideHitRatio)} with cache-aside (${blocks})`,
    numbers: { throughHitRatio, asideHitRatio, blocks: through.length },
    cells,
  }
}

function readsOf(cells: readonly Cell[]): number {
  return cells.reduce((total, cell) => total + okCount(plainHits(cell)) + okCount(plainMisses(cell)), 0)
}

function hitRatioOf(cells: readonly Cell[]): number {
  return cells.reduce((total, cell) => total + okCount(plainHits(cell)), 0) / readsOf(cells)
}
