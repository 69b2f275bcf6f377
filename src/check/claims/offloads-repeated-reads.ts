import { figureOfCell } from '../../measure/metrics/measure-figure.ts'
import { callsOf, totalOf } from '../../measure/metrics/tally-sums.ts'
import { countInWords, shareInWords } from '../../measure/words.ts'
import { tooFew } from '../too-few.ts'
import type { Claim } from './claim.ts'
import { nameOf, usableCells } from './evidence.ts'
import { claimVerdict, type Finding } from './finding.ts'
import { isCachedRows, okCount, readClasses } from './row-patterns.ts'

const MIN_READS = 100
const SUPPORTED_OFFLOAD = 0.5
const CONTRADICTED_OFFLOAD = 0.1

export const offloadsRepeatedReads: Claim = {
  id: 'offloads-repeated-reads',
  sentence: 'The cache answers repeated reads, so that most of them never reach the database.',
  source: "Cloud vendors' caching guides: a cache takes read load off the database",
  threshold: `database offload (1 - database reads / application reads) at least ${shareInWords(SUPPORTED_OFFLOAD)}; contradicted below ${shareInWords(CONTRADICTED_OFFLOAD)}; at least ${MIN_READS} reads`,
  measure(evidence) {
    const leftOut = { reasons: [] }
    const cells = usableCells(evidence.cells, leftOut, isCachedRows, { timing: false })
    const findings = cells.flatMap((cell): Finding[] => {
      const databaseOffload = figureOfCell(cell, 'database_offload')
      if (databaseOffload === null) return []
      const databaseReads = totalOf(callsOf(cell, 'database', 'read'))
      const reads = okCount(readClasses(cell))
      const text = `${nameOf(cell)}: ${countInWords(databaseReads)} database reads for ${countInWords(reads)} application reads, offload ${shareInWords(databaseOffload)}`
      const numbers = { databaseOffload, databaseReads, reads }
      const few = tooFew(cell, { observations: reads, least: MIN_READS, of: 'reads', testedBy: 'cache-aside' })
      if (few) return [{ outcome: 'undecided', observations: reads, notTested: few, text, numbers, cells: [cell] }]
      const outcome = databaseOffload >= SUPPORTED_OFFLOAD ? 'supported' : databaseOffload < CONTRADICTED_OFFLOAD ? 'contradicted' : 'undecided'
      return [{ outcome, observations: reads, text, numbers, cells: [cell] }]
    })
    return claimVerdict(offloadsRepeatedReads, findings, leftOut, 'nothing that ran has a cache in front of a database')
  },
}
