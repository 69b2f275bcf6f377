import type { Cell } from '../../measure/run-result.ts'
import { countInWords, nanosInWords } from '../../measure/words.ts'
import { cellSettings, expiryToleranceNanos, ttlNanosOf } from '../cell-settings.ts'
import { noneOf } from '../rule-of-three.ts'
import { forAtLeast, suitesOn } from '../test-command.ts'
import type { Claim } from './claim.ts'
import { nameOf, usableCells } from './evidence.ts'
import { claimVerdict, counterexampleOf, type Finding } from './finding.ts'
import { appClasses } from './row-patterns.ts'

/**
 * What is stored late is stale for longer than its TTL by as much as it was late: a filler that read the old row may
 * store it only as late as its whole operation takes. That, and the engine's clock, is added to the bound.
 */
export const ttlBoundsStaleness: Claim = {
  id: 'ttl-bounds-staleness',
  sentence: 'A time to live does not keep reads fresh, but bounds how old they can be.',
  source: "Cloud vendors' caching guides on adding a TTL",
  threshold:
    'no stale read older than the TTL plus the longest operation (a fill may come that late) plus what the engine’s clock may be off by; ' +
    'supported only if there were stale reads and the load lasted longer than that',
  measure(evidence) {
    const leftOut = { reasons: [] }
    const hasTtl = (cell: Cell) => cell.staleness !== undefined && ttlNanosOf(cellSettings(cell)) !== undefined
    const findings = usableCells(evidence.cells, leftOut, hasTtl, { timing: false }).map((cell): Finding => {
      const ttlNanos = ttlNanosOf(cellSettings(cell))!
      const longest = appClasses(cell).reduce((most, one) => Math.max(most, one.service?.maxNanos ?? 0), 0)
      const boundNanos = ttlNanos + longest + expiryToleranceNanos(cell)
      const { staleReads, judgedReads, ageNanos } = cell.staleness!
      if (ageNanos === undefined)
        return {
          outcome: 'undecided',
          observations: 0,
          notTested: { why: 'no read was stale', command: suitesOn(cell, 'cache-aside-ttl-alone') },
          text: `${nameOf(cell)}: stale reads ${noneOf(judgedReads)}: there was nothing to bound`,
          cells: [cell],
        }
      const text = `${nameOf(cell)}: the oldest of ${countInWords(staleReads)} stale reads was ${nanosInWords(ageNanos.maxNanos)} old; the TTL is ${nanosInWords(ttlNanos)}, the bound ${nanosInWords(boundNanos)}`
      const numbers = { oldestNanos: ageNanos.maxNanos, ttlNanos, boundNanos, staleReads }
      if (ageNanos.maxNanos > boundNanos) {
        return {
          outcome: 'contradicted',
          observations: staleReads,
          text,
          numbers,
          cells: [cell],
          counterexample: counterexampleOf(evidence, 'checker/stale-reads', cell),
        }
      }
      if (cell.durationNanos <= boundNanos) {
        return {
          outcome: 'undecided',
          // None of them could have been older.
          observations: 0,
          notTested: { why: `the run was shorter than the TTL of ${nanosInWords(ttlNanos)}`, command: forAtLeast(3 * boundNanos) },
          text: `${text}: the run (${nanosInWords(cell.durationNanos)}) was too short to break it`,
          numbers,
          cells: [cell],
        }
      }
      return { outcome: 'supported', observations: staleReads, text, numbers, cells: [cell] }
    })
    return claimVerdict(ttlBoundsStaleness, findings, leftOut, 'nothing that ran has both a TTL and a history that freshness could be judged by')
  },
}
