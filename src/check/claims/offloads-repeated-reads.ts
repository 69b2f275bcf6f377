import { countInWords, shareInWords } from '../../measure/words.ts'
import type { Claim } from './claim.ts'
import { nameOf, usableCells } from './evidence.ts'
import { claimVerdict, type Finding } from './finding.ts'
import { isCachedRows } from './row-patterns.ts'

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
      const value = cell.cacheValue
      if (value === undefined || value.databaseOffload === null) return []
      const text = `${nameOf(cell)}: ${countInWords(value.databaseReads)} database reads for ${countInWords(value.reads)} application reads, offload ${shareInWords(value.databaseOffload)}`
      const numbers = { databaseOffload: value.databaseOffload, databaseReads: value.databaseReads, reads: value.reads }
      if (value.reads < MIN_READS) return [{ outcome: 'undecided', text, numbers, cells: [cell] }]
      const outcome =
        value.databaseOffload >= SUPPORTED_OFFLOAD ? 'supported' : value.databaseOffload < CONTRADICTED_OFFLOAD ? 'contradicted' : 'undecided'
      return [{ outcome, text, numbers, cells: [cell] }]
    })
    return claimVerdict(offloadsRepeatedReads, findings, leftOut, 'no cell has a cache in front of a database')
  },
}
