import { Histogram } from '../measure/histogram.ts'
import type { HistoryColumns } from '../measure/history.ts'
import { latencyOf } from '../measure/latency.ts'
import type { Staleness } from '../measure/run-result.ts'
import { instantInWords, nanosInWords } from '../measure/words.ts'
import { commitRows } from './commits.ts'
import { forEachKey, groupByKey } from './group-by-key.ts'
import { APP, codesOf, codesWhere, DATABASE, OK, PROBE, selectRows } from './rows.ts'
import { checkSessionGuarantees } from './session-guarantees.ts'
import { VersionProofs } from './version-proofs.ts'
import { WorstFew } from './worst-few.ts'

export interface StalenessFindings {
  readonly staleness: Staleness
  /** The oldest stale read, one step a line; empty when nothing was stale. */
  readonly counterexample: readonly string[]
}

interface StaleRead {
  readonly read: number
  readonly proof: number
  readonly ageNanos: number
}

/**
 * Stale for certain: the read began after the acknowledgement of a newer version's commit had reached its writer,
 * and returned an older one; its age counts from that acknowledgement. A read that overlaps the commit is
 * concurrent. A write of unknown outcome makes nothing stale until someone has read its version: that read's
 * completion is then the proof. O(n log n). Both sampled and full histories can be judged (sampling is by key).
 */
export function checkStaleness(columns: HistoryColumns): StalenessFindings {
  const { layer, status, ret, sent, fn, outcome } = columns
  // A probe that got no answer has its failure's code for an outcome.
  const unanswered = codesWhere(outcome, (text) => !['', 'hit', 'miss', 'found', 'absent', 'torn', 'foreign'].includes(text))
  const isRead = codesOf(fn, 'read')
  const commits = commitRows(columns)
  const isCached = codesOf(fn, 'cached')
  const isCommitted = codesOf(fn, 'committed')
  const rows = selectRows(columns, (row) => {
    const code = fn.codes[row]!
    if (commits[row] === 1) return true
    if (layer[row] === PROBE) return unanswered[outcome.codes[row]!] === 0 && (isCached[code] === 1 || isCommitted[code] === 1)
    return (layer[row] === APP || layer[row] === DATABASE) && isRead[code] === 1 && status[row] === OK && !Number.isNaN(ret[row]!)
  })

  const proofs = new VersionProofs(columns)
  const ages = new Histogram()
  const worst = new WorstFew<StaleRead>()
  let judgedReads = 0
  let readBack = 0
  let staleAtEnd = 0
  let staleEpisodes = 0
  let staleEpisodeSquares = 0
  const stillStale: string[] = []

  forEachKey(groupByKey(columns.key, rows), (key, group) => {
    const proven: number[] = []
    for (const row of group) if (commits[row] === 1) proven.push(row)
    proofs.replace(proven)
    const acknowledged = proofs.newest

    const seen = new Set<number>()
    const unacknowledged: number[] = []
    for (const row of group) {
      if (commits[row] === 1 || layer[row] === PROBE || seen.has(ret[row]!)) continue
      seen.add(ret[row]!)
      if (!proofs.has(ret[row]!)) unacknowledged.push(row)
    }
    if (unacknowledged.length > 0) proofs.replace([...proven, ...unacknowledged])

    const staleReadsOf = new Map<number, number>()
    let cached: number | undefined
    let committed = acknowledged
    for (const row of group) {
      if (layer[row] === PROBE) {
        if (isCached[fn.codes[row]!] === 1) cached = ret[row]!
        else if (ret[row]! > committed) committed = ret[row]!
        continue
      }
      if (layer[row] !== APP || commits[row] === 1) continue
      judgedReads++
      const proof = proofs.firstNewer(ret[row]!)
      if (proof < 0) continue
      const ageNanos = sent[row]! - columns.done[proof]!
      if (ageNanos <= 0) continue
      ages.record(ageNanos)
      staleReadsOf.set(ret[row]!, (staleReadsOf.get(ret[row]!) ?? 0) + 1)
      worst.offer(ageNanos, () => ({ read: row, proof, ageNanos }))
    }
    staleEpisodes += staleReadsOf.size
    for (const reads of staleReadsOf.values()) staleEpisodeSquares += reads * reads
    if (cached === undefined) return
    readBack++
    if (cached < committed) {
      staleAtEnd++
      if (stillStale.length < 3) {
        stillStale.push(`key ${key}: after the load the cache still held version ${cached}; version ${committed} is committed`)
      }
    }
  })

  const guarantees = checkSessionGuarantees(columns, commits)
  const oldest = worst.values()
  const ageNanos = latencyOf(ages)
  return {
    staleness: {
      judgedReads,
      staleReads: ages.count,
      staleRatio: judgedReads === 0 ? null : ages.count / judgedReads,
      ...(ageNanos && { ageNanos }),
      staleEpisodes,
      staleEpisodeSquares,
      staleAtEnd,
      readBack,
      readYourWritesViolations: guarantees.readYourWritesViolations,
      monotonicReadsViolations: guarantees.monotonicReadsViolations,
      examples: [...oldest.map((stale) => sentenceOf(columns, stale)), ...stillStale, ...guarantees.examples],
    },
    counterexample: oldest[0] === undefined ? [] : stepsOf(columns, oldest[0]),
  }
}

function sentenceOf(columns: HistoryColumns, { read, proof, ageNanos }: StaleRead): string {
  return (
    `key ${columns.key[read]}: operation ${columns.op[read]} of user ${columns.client[read]} read version ${columns.ret[read]}, ` +
    `${nanosInWords(ageNanos)} after version ${columns.ret[proof]} was known to be committed (${instantInWords(columns.sent[read]!)})`
  )
}

function stepsOf(columns: HistoryColumns, { read, proof, ageNanos }: StaleRead): string[] {
  const { key, op, parent, ret, sent, done, layer, outcome } = columns
  const writer = parent[proof]! >= 0 ? parent[proof] : op[proof]
  const newer =
    layer[proof] === DATABASE || layer[proof] === APP
      ? `${instantInWords(done[proof]!)}  operation ${writer}: ${columns.fn.dictionary[columns.fn.codes[proof]!]} key ${key[proof]} -> version ${ret[proof]}`
      : ''
  const cls = outcome.dictionary[outcome.codes[read]!]
  return [
    `${newer} (acknowledged)`,
    `${instantInWords(sent[read]!)}  operation ${op[read]}: read key ${key[read]} begins`,
    `${instantInWords(done[read]!)}  operation ${op[read]}: read key ${key[read]} -> version ${ret[read]}${cls ? ` (${cls})` : ''}: stale by ${nanosInWords(ageNanos)}`,
  ]
}
