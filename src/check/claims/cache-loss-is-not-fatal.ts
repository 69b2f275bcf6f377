import { countInWords, nanosInWords, plural, shareInWords } from '../../measure/words.ts'
import { tooFew } from '../too-few.ts'
import type { Claim } from './claim.ts'
import { nameOf, usableCells } from './evidence.ts'
import { claimVerdict, type Finding } from './finding.ts'
import { isCachedRows, okCount, readClasses } from './row-patterns.ts'

const SERVER_LOSS = new Set(['kill', 'restart', 'freeze', 'crash'])
const MIN_READS = 100

export const cacheLossIsNotFatal: Claim = {
  id: 'cache-loss-is-not-fatal',
  sentence: 'With the database behind it, the loss of the cache makes reads slower, not impossible.',
  source: "Cloud vendors' caching guides on lazy loading: node failures are not fatal",
  threshold: `no read failed and reads were never without a success for longer than usual; contradicted by failed reads or an outage of reads; at least ${MIN_READS} reads`,
  measure(evidence) {
    const leftOut = { reasons: [] }
    const lostCache = usableCells(evidence.cells, leftOut, (cell) => isCachedRows(cell) && cell.recovery.some((one) => SERVER_LOSS.has(one.fault)), {
      timing: false,
    })
    const findings = lostCache.map((cell): Finding => {
      const loss = cell.recovery.find((one) => SERVER_LOSS.has(one.fault))!
      const reads = okCount(readClasses(cell))
      const failedReads = readClasses(cell).reduce((total, one) => total + one.fail + one.info, 0)
      const observations = reads + failedReads
      const outage = loss.readUnavailableNanos
      const numbers = { reads, failedReads, ...(outage !== null && { readUnavailableNanos: outage }) }
      const outageWords = outage === null ? 'reads never came back' : outage === 0 ? 'no outage of reads' : `${nanosInWords(outage)} without a read`
      const share = observations === 0 ? 0 : failedReads / observations
      const text = `${nameOf(cell)}: after ${loss.fault}, ${outageWords} and ${plural(failedReads, 'failed read')} of ${countInWords(observations)} (${shareInWords(share)})`
      if (failedReads > 0 || outage !== 0) return { outcome: 'contradicted', observations, text, numbers, cells: [cell], counterexample: [] }
      const few = tooFew(cell, { observations, least: MIN_READS, of: 'reads', testedBy: 'cache-aside' })
      return { outcome: few ? 'undecided' : 'supported', observations, notTested: few, text, numbers, cells: [cell] }
    })
    return claimVerdict(cacheLossIsNotFatal, findings, leftOut, 'nothing that ran with a database behind its cache lost the cache')
  },
}
