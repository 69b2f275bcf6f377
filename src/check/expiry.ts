import type { HistoryColumns } from '../measure/history.ts'
import type { NotTested } from '../measure/verdict.ts'
import { countInWords, instantInWords, nanosInWords, plural } from '../measure/words.ts'
import { expiryToleranceNanos, ttlNanosOf } from './cell-settings.ts'
import type { Checker, CheckerContext, CheckerResult, RunningChecker } from './checker.ts'
import { checkerVerdict } from './checker-verdict.ts'
import { LateReads } from './late-reads.ts'
import { CACHE, codesOf, endOf, FAIL, OK } from './rows.ts'
import { noneOf } from './rule-of-three.ts'
import { forAtLeast } from './test-command.ts'
import { WorstFew } from './worst-few.ts'

export interface ExpiryFindings {
  /** Cache reads that found a value whose storing is in the history. */
  readonly judgedReads: number
  /** Cache reads that began after the time to live had ended for certain, whatever they found: what could have shown it. */
  readonly readsAfterEnd: number
  readonly servedLate: number
  readonly worstLatenessNanos: number
  readonly examples: readonly string[]
}

/**
 * Values the cache served after their time to live: the read began later than the last store (or touch) that may have
 * kept the value could have ended, plus the time to live, plus what the engine's clock may be off by. Judged on the
 * cache's own rows, so it holds for every pattern whose values all have one time to live (`ttlNanos` in its settings).
 */
export const expiry: Checker = {
  id: 'expiry',
  sentence: 'The cache served no value after its time to live.',
  columns: ['op', 'layer', 'key', 'fn', 'outcome', 'sent', 'done', 'status'],
  create(context) {
    const ttlNanos = ttlNanosOf(context.settings)
    return ttlNanos === undefined ? NOTHING_EXPIRES : new RunningExpiry(ttlNanos, expiryToleranceNanos(context.cell), context)
  },
}

const NOTHING_EXPIRES: RunningChecker = { accept() {}, finish: () => ({ verdicts: [], measures: {} }) }

/** The same on columns in memory, without a cell. */
export function checkExpiry(columns: HistoryColumns, ttlNanos: number, toleranceNanos: number): ExpiryFindings {
  const running = new RunningExpiry(ttlNanos, toleranceNanos)
  running.accept(columns)
  return running.findings()
}

/**
 * What lives longer than a third of what was measured hardly ends in it: of what is stored in the last third nothing is
 * seen to end, and before that little is old enough. Undefined where the run was long enough.
 */
export function ttlTooLong({ cell, settings }: CheckerContext): NotTested | undefined {
  const ttlNanos = ttlNanosOf(settings)
  if (ttlNanos === undefined || ttlNanos * 3 <= cell.measuredNanos) return undefined
  return {
    why: `the time to live (${nanosInWords(ttlNanos)}) is longer than a third of the measured time (${nanosInWords(cell.measuredNanos)}); it takes ${nanosInWords(3 * ttlNanos)}`,
    command: forAtLeast(3 * ttlNanos),
  }
}

interface LateHit {
  readonly op: number
  readonly sentNanos: number
  readonly latenessNanos: number
}

/** One entry of the cache. */
interface Entry {
  /** When the last of what may have kept it was over; Infinity once that is not known. */
  keptNanos: number
  readonly after: LateReads<LateHit>
}

class RunningExpiry implements RunningChecker {
  readonly #ttlNanos: number
  readonly #toleranceNanos: number
  readonly #context: CheckerContext | undefined
  readonly #entries = new Map<number, Entry>()
  #judgedReads = 0

  constructor(ttlNanos: number, toleranceNanos: number, context?: CheckerContext) {
    this.#ttlNanos = ttlNanos
    this.#toleranceNanos = toleranceNanos
    this.#context = context
  }

  accept(rows: HistoryColumns): void {
    const { layer, status, fn, outcome, key, sent, op, done } = rows
    const gets = codesOf(fn, 'get', 'getAndTouch')
    const keeps = codesOf(fn, 'set', 'add', 'replace', 'touch', 'getAndTouch')
    const keptNothing = codesOf(outcome, 'absent', 'miss', 'exists', 'not stored', 'not-stored')
    const hit = codesOf(outcome, 'hit')
    for (let row = 0; row < rows.length; row++) {
      if (layer[row] !== CACHE || key[row]! < 0 || sent[row]! < 0) continue
      const code = fn.codes[row]!
      const outcomeCode = outcome.codes[row]!
      const kept = keeps[code] === 1 && status[row] !== FAIL && keptNothing[outcomeCode] !== 1
      // A read that also touches is not kept alive by itself.
      if (kept) this.#entries.get(key[row]!)?.after.excuse(sent[row]!)
      if (gets[code] === 1 && status[row] === OK) this.#read(key[row]!, hit[outcomeCode] === 1, op[row]!, sent[row]!, done[row]!)
      if (kept) this.#keptUntil(key[row]!, endOf(rows, row))
    }
  }

  finish(): CheckerResult {
    const { judgedReads, readsAfterEnd, servedLate, worstLatenessNanos, examples } = this.findings()
    const verdict = checkerVerdict(this.#context!.cell, {
      id: 'checker/expiry',
      sentence: expiry.sentence,
      gates: true,
      observations: readsAfterEnd,
      of: 'reads of an entry after its time to live had ended',
      fails: servedLate > 0,
      evidence:
        servedLate > 0
          ? `${countInWords(servedLate)} of ${plural(judgedReads, 'cache hit')} came after the time to live had ended, the latest by ${nanosInWords(worstLatenessNanos)}`
          : `Served late: ${noneOf(readsAfterEnd, 'reads after the end')}`,
      numbers: { judgedReads, readsAfterEnd, servedLate, worstLatenessNanos },
      counterexample: examples,
      testedBy: 'cache-aside',
      notTested: ttlTooLong(this.#context!),
    })
    return { verdicts: [verdict], measures: {} }
  }

  findings(): ExpiryFindings {
    const worst = new WorstFew<string>(3)
    let readsAfterEnd = 0
    let servedLate = 0
    let worstLatenessNanos = 0
    for (const [key, { after }] of this.#entries) {
      readsAfterEnd += after.reads
      for (const { op, sentNanos, latenessNanos } of after.found()) {
        servedLate++
        worstLatenessNanos = Math.max(worstLatenessNanos, latenessNanos)
        const what = `found a value ${nanosInWords(latenessNanos)} after its time to live`
        worst.offer(latenessNanos, () => `key ${key}: call ${op} (${instantInWords(sentNanos)}) ${what}`)
      }
    }
    return { judgedReads: this.#judgedReads, readsAfterEnd, servedLate, worstLatenessNanos, examples: worst.values() }
  }

  #read(key: number, isHit: boolean, op: number, sentNanos: number, doneNanos: number): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    if (isHit) this.#judgedReads++
    const latenessNanos = sentNanos - (entry.keptNanos + this.#ttlNanos)
    if (latenessNanos <= this.#toleranceNanos) return
    entry.after.add(doneNanos, isHit ? { op, sentNanos, latenessNanos } : undefined)
  }

  #keptUntil(key: number, endNanos: number): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) this.#entries.set(key, { keptNanos: endNanos, after: new LateReads() })
    else if (endNanos > entry.keptNanos) entry.keptNanos = endNanos
  }
}
