import type { HistoryColumns } from '../measure/history.ts'
import type { Staleness } from '../measure/run-result.ts'
import { staleShare } from '../measure/stale-share.ts'
import { countInWords, nanosInWords, plural, shareInWords } from '../measure/words.ts'
import type { Checker, CheckerContext, CheckerResult, RunningChecker } from './checker.ts'
import { checkerTable } from './checker-table.ts'
import { checkerVerdict } from './checker-verdict.ts'
import { ABSENT_VERSION, type KeyFreshness, type ReadOfVersion, StaleReads } from './freshness.ts'
import { IntervalFreshness } from './interval-freshness.ts'
import { OrderedFreshness } from './ordered-freshness.ts'
import { APP, codesOf, codesWhere, DATABASE, FAIL, hasDatabase, INFO, OK, PROBE } from './rows.ts'
import { noneOf } from './rule-of-three.ts'
import { IntervalGuarantees, OrderedGuarantees, type SessionGuarantees, type SessionGuaranteesJudge } from './session-guarantees.ts'

export interface StalenessFindings {
  readonly staleness: Staleness
  /** The oldest stale read, one step a line; empty when nothing was stale. */
  readonly counterexample: readonly string[]
}

/**
 * Stale for certain: the read began after the acknowledgement of a newer version's commit had reached its writer, and
 * returned an older one; its age counts from that acknowledgement. A read that overlaps the commit is concurrent.
 *
 * Rows with a database behind them have versions that the database counts ("read" and "write" of the application,
 * `ret` the version; commits are the database's own rows): which is newer is known. Without one, real time orders what
 * it can. Sampled and full histories can be judged (sampling is by key).
 */
export const staleness: Checker = {
  id: 'staleness',
  sentence: 'No read returned data that was stale for certain.',
  columns: ['op', 'parent', 'layer', 'client', 'key', 'fn', 'outcome', 'arg', 'ret', 'sent', 'done', 'status'],
  table: checkerTable<Staleness>({
    title: 'Stale reads',
    lead: 'A read is stale for certain when it began after a newer version was known to be committed, and returned an older one. Its age counts from that commit’s acknowledgement.',
    measures: (cell) => cell.staleness,
    examples: ({ examples }) => examples,
    columns: [
      { title: 'judged', text: (one) => countInWords(one.judgedReads) },
      { title: 'could be stale', text: (one) => (one.refutableReads === undefined ? '–' : countInWords(one.refutableReads)) },
      { title: 'stale', text: (one) => countInWords(one.staleReads), wrong: (one) => one.staleReads > 0 },
      { title: 'ratio', text: (one) => shareOrDash(staleShare(one)) },
      { title: 'age p50', text: (one) => nanosOrDash(one.ageNanos?.percentilesNanos['50']) },
      { title: 'oldest', text: (one) => nanosOrDash(one.ageNanos?.maxNanos) },
      {
        title: 'stale at the end',
        text: (one) => `${countInWords(one.staleAtEnd)} of ${countInWords(one.readBack)}`,
        wrong: (one) => one.staleAtEnd > 0,
      },
      { title: 'own write missed', text: (one) => countInWords(one.readYourWritesViolations), wrong: (one) => one.readYourWritesViolations > 0 },
      { title: 'went back in time', text: (one) => countInWords(one.monotonicReadsViolations), wrong: (one) => one.monotonicReadsViolations > 0 },
    ],
  }),
  create: (context) => new RunningStaleness(context.cell.database !== undefined, context),
}

/** The same on columns in memory, without a cell: versions are ordered where there are rows of a database. */
export function checkStaleness(columns: HistoryColumns): StalenessFindings {
  const running = new RunningStaleness(hasDatabase(columns))
  running.accept(columns)
  return running.findings()
}

/** What users were shown of their own doings; of a history in memory, as `checkStaleness`. */
export function checkSessionGuarantees(columns: HistoryColumns): SessionGuarantees {
  const running = new RunningStaleness(hasDatabase(columns))
  running.accept(columns)
  return running.guarantees()
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] }

class RunningStaleness implements RunningChecker {
  readonly #context: CheckerContext | undefined
  readonly #ordered: boolean
  readonly #keys = new Map<number, KeyFreshness>()
  readonly #all = new StaleReads()
  readonly #guarantees: SessionGuaranteesJudge
  /** The operation at hand: one object for a million of them. */
  readonly #operation: Mutable<ReadOfVersion> = { key: 0, version: 0, client: 0, op: 0, sentNanos: 0, doneNanos: 0, outcome: '' }

  constructor(ordered: boolean, context?: CheckerContext) {
    this.#ordered = ordered
    this.#context = context
    this.#guarantees = ordered ? new OrderedGuarantees() : new IntervalGuarantees()
  }

  accept(rows: HistoryColumns): void {
    const { layer, sent, fn, outcome } = rows
    const isRead = codesOf(fn, 'read')
    const isWrite = codesOf(fn, 'write')
    const isCached = codesOf(fn, 'cached')
    const isCommitted = codesOf(fn, 'committed')
    const absent = codesWhere(outcome, isAbsent)
    // A probe that got no answer has its failure's code for an outcome.
    const answered = codesOf(outcome, '', 'hit', 'miss', 'found', 'absent', 'torn', 'foreign')
    for (let row = 0; row < rows.length; row++) {
      if (sent[row]! < 0) continue
      const code = fn.codes[row]!
      if (isRead[code] === 1) this.#read(rows, row, absent[outcome.codes[row]!] === 1)
      else if (isWrite[code] === 1) this.#write(rows, row)
      else if (layer[row] === PROBE && answered[outcome.codes[row]!] === 1) {
        if (isCached[code] === 1) this.#key(rows.key[row]!).readBackCached(rows.ret[row]!, sent[row]!)
        else if (isCommitted[code] === 1) this.#key(rows.key[row]!).readBackCommitted(rows.ret[row]!)
      }
    }
  }

  finish(): CheckerResult {
    const { staleness: measured, counterexample } = this.findings()
    const { cell } = this.#context!
    const { judgedReads, refutableReads = 0, staleReads, ageNanos, staleAtEnd, readBack } = measured
    const { readYourWritesViolations, monotonicReadsViolations } = measured
    const fails = staleReads + staleAtEnd > 0
    const verdict = checkerVerdict(cell, {
      id: 'checker/stale-reads',
      sentence: staleness.sentence,
      // What a strategy costs its users gates only where the workload expects something of it.
      gates: false,
      observations: refutableReads,
      of: 'reads that began after a commit to their key had been acknowledged',
      fails,
      evidence: fails
        ? `${countInWords(staleReads)} of ${countInWords(judgedReads)} reads were stale (${shareInWords(staleShare(measured) ?? 0)})` +
          `${ageNanos ? `, the oldest by ${nanosInWords(ageNanos.maxNanos)}` : ''}; ${staleAtEnd} of ${readBack} keys were still stale after the load; ` +
          `${plural(readYourWritesViolations, 'read')} missed the user's own write, ${plural(monotonicReadsViolations, 'read')} went back in time`
        : `Stale reads: ${noneOf(refutableReads, 'that could have been')}${readBack === 0 ? '' : `, and none of ${countInWords(readBack)} keys read back after the load`}`,
      numbers: {
        judgedReads,
        refutableReads,
        staleReads,
        staleAtEnd,
        readBack,
        readYourWritesViolations,
        monotonicReadsViolations,
        ...(ageNanos && { oldestNanos: ageNanos.maxNanos }),
      },
      counterexample: counterexample.length > 0 ? counterexample : measured.examples.slice(0, 1),
      testedBy: 'cache-aside-overwrite',
    })
    return { verdicts: [verdict], measures: { staleness: measured } }
  }

  findings(): StalenessFindings {
    for (const key of this.#keys.values()) key.finish()
    return { staleness: this.#all.measures(this.guarantees()), counterexample: this.#all.counterexample() }
  }

  guarantees(): SessionGuarantees {
    return this.#guarantees.finish()
  }

  #read(rows: HistoryColumns, row: number, absent: boolean): void {
    const { layer, status, key, ret, op, parent, sent, done } = rows
    if (status[row] !== OK || key[row]! < 0) return
    const version = absent ? ABSENT_VERSION : ret[row]!
    if (Number.isNaN(version)) return
    if (layer[row] === DATABASE && !absent) this.#key(key[row]!).seen(version, done[row]!, parent[row]! >= 0 ? parent[row]! : op[row]!)
    if (layer[row] !== APP || (absent && !this.#ordered)) return
    const read = this.#operation
    read.key = key[row]!
    read.version = version
    read.client = rows.client[row]!
    read.op = op[row]!
    read.sentNanos = sent[row]!
    read.doneNanos = done[row]!
    read.outcome = rows.outcome.dictionary[rows.outcome.codes[row]!]!
    this.#key(read.key).read(read)
    if (!absent) this.#guarantees.read(read)
  }

  #write(rows: HistoryColumns, row: number): void {
    const { layer, status, key, arg, ret, op, parent, sent, done, client } = rows
    if (key[row]! < 0 || status[row] === FAIL) return
    const version = Number.isNaN(ret[row]!) ? arg[row]! : ret[row]!
    const acknowledges = layer[row] === (this.#ordered ? DATABASE : APP)
    if (status[row] === INFO) {
      if (acknowledges) this.#key(key[row]!).uncertain(version)
      return
    }
    if (Number.isNaN(version)) return
    if (acknowledges) this.#key(key[row]!).committed(version, sent[row]!, done[row]!, parent[row]! >= 0 ? parent[row]! : op[row]!)
    if (layer[row] !== APP) return
    this.#guarantees.wrote({
      key: key[row]!,
      client: client[row]!,
      version,
      op: op[row]!,
      sentNanos: sent[row]!,
      doneNanos: done[row]!,
    })
  }

  #key(key: number): KeyFreshness {
    let known = this.#keys.get(key)
    if (known === undefined) {
      known = this.#ordered ? new OrderedFreshness(key, this.#all) : new IntervalFreshness(key, this.#all)
      this.#keys.set(key, known)
    }
    return known
  }
}

/** "read absent hit": there is no such row. */
function isAbsent(outcome: string): boolean {
  return /\babsent\b/.test(outcome)
}

function shareOrDash(share: number | null): string {
  return share === null ? '–' : shareInWords(share)
}

function nanosOrDash(nanos: number | undefined): string {
  return nanos === undefined ? '–' : nanosInWords(nanos)
}
