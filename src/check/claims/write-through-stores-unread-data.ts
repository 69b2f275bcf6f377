import { bytesInWords, shareInWords } from '../../measure/words.ts'
import type { Claim } from './claim.ts'
import { nameOf, usableCells } from './evidence.ts'
import { claimVerdict, type Finding } from './finding.ts'

const MIN_BYTES = 100_000
const SUPPORTED_SHARE = 0.55
const CONTRADICTED_SHARE = 0.45

export const writeThroughStoresUnreadData: Claim = {
  id: 'write-through-stores-unread-data',
  sentence: 'With write-through, most of what is stored in the cache is never read.',
  source: "A cloud vendor's caching guide on write-through: most data is never read, which is a waste of resources",
  threshold:
    `at least ${shareInWords(SUPPORTED_SHARE)} of the stored bytes not read before the next store, the delete or the end; ` +
    `contradicted up to ${shareInWords(CONTRADICTED_SHARE)}; at least ${bytesInWords(MIN_BYTES)} stored`,
  measure(evidence) {
    const leftOut = { reasons: [] }
    const isThrough = usableCells(evidence.cells, leftOut, (cell) => cell.pattern === 'write-through', { timing: false })
    const findings = isThrough.flatMap((cell): Finding[] => {
      const { storedBytes = 0, neverReadBytes = null } = cell.wire ?? {}
      if (neverReadBytes === null) return []
      const text = `${nameOf(cell)}: ${bytesInWords(neverReadBytes)} of the ${bytesInWords(storedBytes)} stored were never read`
      const numbers = { storedBytes, neverReadBytes }
      if (storedBytes < MIN_BYTES) return [{ outcome: 'undecided', text: `${text}: too little`, numbers, cells: [cell] }]
      const share = neverReadBytes / storedBytes
      return [
        {
          outcome: share >= SUPPORTED_SHARE ? 'supported' : share <= CONTRADICTED_SHARE ? 'contradicted' : 'undecided',
          text: `${text} (${shareInWords(share)})`,
          numbers: { ...numbers, share },
          cells: [cell],
        },
      ]
    })
    return claimVerdict(writeThroughStoresUnreadData, findings, leftOut, 'no write-through cell has a full history to follow each stored value by')
  },
}
