import type { HistoryColumns } from '../measure/history.ts'
import { instantInWords, nanosInWords } from '../measure/words.ts'
import { forEachKey, groupByKey } from './group-by-key.ts'
import { PrefixBest } from './prefix-best.ts'
import { CACHE, codesOf, endOf, FAIL, OK, selectRows } from './rows.ts'
import { WorstFew } from './worst-few.ts'

export interface ExpiryFindings {
  /** Cache reads that found a value whose storing is in the history. */
  readonly judgedReads: number
  readonly servedLate: number
  readonly worstLatenessNanos: number
  readonly examples: readonly string[]
}

/**
 * Values the cache served after their time to live: the read began later than the last store (or touch) that may have
 * kept the value could have ended, plus the time to live, plus what the engine's clock may be off by. Judged on the
 * cache's own rows, so it holds for every pattern whose values all have one time to live.
 */
export function checkExpiry(columns: HistoryColumns, ttlNanos: number, toleranceNanos: number): ExpiryFindings {
  const { layer, status, fn, outcome, key, sent, op } = columns
  const gets = codesOf(fn, 'get', 'getAndTouch')
  const keeps = codesOf(fn, 'set', 'add', 'replace', 'touch', 'getAndTouch')
  const keptNothing = codesOf(outcome, 'absent', 'miss', 'exists', 'not stored', 'not-stored')
  const hit = codesOf(outcome, 'hit')
  const isHit = (row: number) => gets[fn.codes[row]!] === 1 && status[row] === OK && hit[outcome.codes[row]!] === 1
  const mayKeep = (row: number) => keeps[fn.codes[row]!] === 1 && status[row] !== FAIL && keptNothing[outcome.codes[row]!] !== 1
  const rows = selectRows(columns, (row) => layer[row] === CACHE && key[row]! >= 0 && (isHit(row) || mayKeep(row)))

  let judgedReads = 0
  let servedLate = 0
  let worstLatenessNanos = 0
  const worst = new WorstFew<string>(3)
  forEachKey(groupByKey(key, rows), (id, group) => {
    const kept = group.filter(mayKeep)
    if (kept.length === 0) return
    const ends = Float64Array.from(kept, (row) => endOf(columns, row))
    const lastKept = new PrefixBest(
      Float64Array.from(kept, (row) => sent[row]!),
      ends,
    )
    for (const row of group) {
      if (!isHit(row)) continue
      // A read that also touches must not be kept alive by itself.
      const last = lastKept.upTo(endOf(columns, row), (entry) => kept[entry] === row)
      if (last < 0) continue
      judgedReads++
      const lateness = sent[row]! - (ends[last]! + ttlNanos)
      if (lateness <= toleranceNanos) continue
      servedLate++
      worstLatenessNanos = Math.max(worstLatenessNanos, lateness)
      worst.offer(
        lateness,
        () => `key ${id}: call ${op[row]} (${instantInWords(sent[row]!)}) found a value ${nanosInWords(lateness)} after its time to live`,
      )
    }
  })
  return { judgedReads, servedLate, worstLatenessNanos, examples: worst.values() }
}
