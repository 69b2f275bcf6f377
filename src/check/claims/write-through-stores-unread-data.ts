import { bytesInWords, shareInWords } from '../../measure/words.ts'
import { cellSettings } from '../cell-settings.ts'
import { suitesOn } from '../test-command.ts'
import { tooFew } from '../too-few.ts'
import type { Claim } from './claim.ts'
import { nameOf, usableCells } from './evidence.ts'
import { claimVerdict, type Finding } from './finding.ts'
import { storesOf } from './row-patterns.ts'
import { writesThrough } from './strategies.ts'

const MIN_BYTES = 100_000
const SUPPORTED_SHARE = 0.55
const CONTRADICTED_SHARE = 0.45

/** Bytes are counted; what could refute the claim are stores. */
const ENOUGH_STORES = 100
const SUITE = 'write-through-unread'

/**
 * Only where rows are written by a popularity of their own: where the keys that are read most are written most, what is
 * written is read, by the choice of the workload and not of the strategy.
 */
export const writeThroughStoresUnreadData: Claim = {
  id: 'write-through-stores-unread-data',
  sentence: 'With write-through, most of what is stored in the cache is never read.',
  source: "A cloud vendor's caching guide on write-through: most data is never read, which is a waste of resources",
  threshold:
    `at least ${shareInWords(SUPPORTED_SHARE)} of the stored bytes not read before the next store, the delete or the end; ` +
    `contradicted up to ${shareInWords(CONTRADICTED_SHARE)}; at least ${bytesInWords(MIN_BYTES)} stored`,
  measure(evidence) {
    const leftOut = { reasons: [] }
    const isThrough = usableCells(evidence.cells, leftOut, writesThrough, { timing: false })
    const findings = isThrough.flatMap((cell): Finding[] => {
      const { storedBytes = 0, neverReadBytes = null } = cell.wire ?? {}
      if (neverReadBytes === null) return []
      const text = `${nameOf(cell)}: ${bytesInWords(neverReadBytes)} of the ${bytesInWords(storedBytes)} stored were never read`
      const numbers = { storedBytes, neverReadBytes }
      const observations = storesOf(cell)
      const undecided = { outcome: 'undecided', observations, text, numbers, cells: [cell] } as const
      if ((cellSettings(cell).settings['writePopularity'] ?? 'as reads') === 'as reads') {
        const why = 'the rows that are read most are also written most: with the popularity of reads, what is written is read'
        return [{ ...undecided, observations: 0, notTested: { why, command: suitesOn(cell, SUITE) } }]
      }
      const few = tooFew(cell, { observations, least: ENOUGH_STORES, of: 'values that were stored', testedBy: SUITE })
      if (few) return [{ ...undecided, notTested: few }]
      if (storedBytes < MIN_BYTES) return [{ ...undecided, text: `${text}: too little` }]
      const share = neverReadBytes / storedBytes
      return [
        {
          observations,
          outcome: share >= SUPPORTED_SHARE ? 'supported' : share <= CONTRADICTED_SHARE ? 'contradicted' : 'undecided',
          text: `${text} (${shareInWords(share)})`,
          numbers: { ...numbers, share },
          cells: [cell],
        },
      ]
    })
    return claimVerdict(
      writeThroughStoresUnreadData,
      findings,
      leftOut,
      'no write-through workload has a full history to follow each stored value by',
    )
  },
}
