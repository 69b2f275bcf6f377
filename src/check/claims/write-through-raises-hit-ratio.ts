import type { Cell } from '../../measure/run-result.ts'
import { shareInWords } from '../../measure/words.ts'
import { cellSettings, ttlNanosOf } from '../cell-settings.ts'
import { suitesOn } from '../test-command.ts'
import { tooFew } from '../too-few.ts'
import type { Claim } from './claim.ts'
import { blocksInWords, type StrategyPair, strategyPairs, unanimous, usableCells } from './evidence.ts'
import { claimVerdict, type Finding } from './finding.ts'
import { isCachedRows, okCount, plainHits, plainMisses } from './row-patterns.ts'
import { invalidates, ttlInWords, writesThrough } from './strategies.ts'

const MIN_READS = 1000
const POINTS = 0.01
const SUITES = ['cache-aside', 'cache-aside-write-through-ttl']

/** Reads of rows that are there; those of absent rows are a workload's choice, not the strategy's. */
export const writeThroughRaisesHitRatio: Claim = {
  id: 'write-through-raises-hit-ratio',
  sentence:
    'Write-through has a higher hit ratio than cache-aside under the same load and with the same TTL: a write does not cost the next reader a miss.',
  source: "Cloud vendors' caching guides on write-through: there is no penalty of a miss after a write",
  threshold: `hit ratio higher by at least one percentage point in every block; contradicted when lower by as much; equal TTLs; at least ${MIN_READS} reads each`,
  measure(evidence) {
    const leftOut = { reasons: [] }
    const cells = usableCells(evidence.cells, leftOut, isCachedRows)
    const findings = strategyPairs(cells, invalidates, writesThrough).map(findingOf)
    return claimVerdict(
      writeThroughRaisesHitRatio,
      findings,
      leftOut,
      'no cache-aside and write-through workloads share a target, a client and a load',
    )
  },
}

function findingOf({ first: aside, second: through }: StrategyPair): Finding {
  const cells = [...through, ...aside]
  const name = `${through[0]!.workload} against ${aside[0]!.workload} on ${aside[0]!.target.label}`
  const reads = Math.min(...cells.map((cell) => readsOf([cell])))
  if (ttlOf(aside[0]!) !== ttlOf(through[0]!)) {
    const why = `${through[0]!.workload} has ${ttlInWords(through[0]!)} and ${aside[0]!.workload} has ${ttlInWords(aside[0]!)}: what expires is a miss, whatever a write does`
    return { outcome: 'undecided', observations: 0, notTested: { why, command: suitesOn(aside[0]!, ...SUITES) }, text: name, cells }
  }
  const few = tooFew(aside[0]!, { observations: reads, least: MIN_READS, of: 'reads in a block', testedBy: SUITES })
  if (few) return { outcome: 'undecided', observations: reads, notTested: few, text: `${name}: only ${reads} reads in a block`, cells }
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
    observations: reads,
    text: `${name}: hit ratio ${shareInWords(throughHitRatio)} with write-through, ${shareInWords(asideHitRatio)} with cache-aside (${blocks})`,
    numbers: { throughHitRatio, asideHitRatio, blocks: through.length },
    cells,
  }
}

function ttlOf(cell: Cell): number | undefined {
  return ttlNanosOf(cellSettings(cell))
}

function readsOf(cells: readonly Cell[]): number {
  return cells.reduce((total, cell) => total + okCount(plainHits(cell)) + okCount(plainMisses(cell)), 0)
}

function hitRatioOf(cells: readonly Cell[]): number {
  return cells.reduce((total, cell) => total + okCount(plainHits(cell)), 0) / readsOf(cells)
}
