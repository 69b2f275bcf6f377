import type { Cell } from '../measure/run-result.ts'
import type { Verdict } from '../measure/verdict.ts'
import { countInWords, nanosInWords, plural, shareInWords } from '../measure/words.ts'
import { cellSettings, historyLevelOf } from './cell-settings.ts'
import { subjectOf } from './cell-subject.ts'
import type { ExpiryFindings } from './expiry.ts'
import type { ValueFindings } from './foreign-values.ts'
import type { LinearizabilityFindings } from './linearizable.ts'
import { noneOf } from './rule-of-three.ts'

/** What only the history tells: present when there was one to read. */
export interface HistoryFindings {
  readonly staleCounterexample: readonly string[]
  readonly linearizability?: LinearizabilityFindings
  readonly expiry?: ExpiryFindings
  readonly values: ValueFindings
}

/**
 * The checkers' verdicts on one judged cell. Those gate that show a server, or this tool, broken: wrong values, values
 * served after their time to live, unsorted answers, a database that is not linearizable. What a strategy costs its
 * users (stale reads, sessions lost in a fault) gates only where the workload expects something of it.
 */
export function cellVerdicts(cell: Cell, findings: HistoryFindings | undefined): Verdict[] {
  const subject = subjectOf(cell)
  if (subject === 'commands') return []
  if (historyLevelOf(cell) === 'off') return [tooLow(cell)]
  return [
    ...(cell.staleness ? [staleReads(cell, cell.staleness, findings)] : []),
    ...(findings?.linearizability ? [linearizable(cell, findings.linearizability)] : []),
    ...(findings?.expiry && findings.expiry.judgedReads > 0 ? [servedLate(cell, findings.expiry)] : []),
    ...(findings && findings.values.reads > 0 && subject !== 'leaderboard' ? [ownValues(cell, findings.values)] : []),
    ...(cell.sessions ? [sessionsKept(cell, cell.sessions)] : []),
    ...(cell.leaderboard ? [scoresAddUp(cell, cell.leaderboard), sorted(cell, cell.leaderboard)] : []),
  ]
}

function tooLow(cell: Cell): Verdict {
  return {
    ...about(cell, 'checker/history', 'The history shows what the cache did.'),
    outcome: 'unknown',
    evidence: 'Inconclusive: the history level is "off"; record with --history full to have staleness, losses and consistency judged.',
    gates: false,
  }
}

function staleReads(cell: Cell, staleness: NonNullable<Cell['staleness']>, findings: HistoryFindings | undefined): Verdict {
  const { judgedReads, staleReads: stale, staleRatio, ageNanos, staleAtEnd, readBack } = staleness
  const verdict = about(cell, 'checker/stale-reads', 'No read returned data that was stale for certain.')
  const numbers = {
    judgedReads,
    staleReads: stale,
    staleAtEnd,
    readBack,
    readYourWritesViolations: staleness.readYourWritesViolations,
    monotonicReadsViolations: staleness.monotonicReadsViolations,
    ...(ageNanos && { oldestNanos: ageNanos.maxNanos }),
  }
  if (judgedReads === 0)
    return { ...verdict, outcome: 'unknown', evidence: 'No read returned a version that could be judged.', numbers, gates: false }
  if (stale + staleAtEnd === 0) {
    const back = readBack === 0 ? '' : `, and none of ${countInWords(readBack)} keys read back after the load`
    return { ...verdict, outcome: 'holds', evidence: `Stale reads: ${noneOf(judgedReads)}${back}.`, numbers, gates: false }
  }
  const counterexample = findings && findings.staleCounterexample.length > 0 ? findings.staleCounterexample : staleness.examples.slice(0, 1)
  return {
    ...verdict,
    outcome: 'fails',
    evidence:
      `${countInWords(stale)} of ${countInWords(judgedReads)} reads were stale (${shareInWords(staleRatio ?? 0)})` +
      `${ageNanos ? `, the oldest by ${nanosInWords(ageNanos.maxNanos)}` : ''}; ${staleAtEnd} of ${readBack} keys were still stale after the load; ` +
      `${plural(staleness.readYourWritesViolations, 'read')} missed the user's own write, ${plural(staleness.monotonicReadsViolations, 'read')} went back in time.`,
    numbers,
    counterexample,
    gates: false,
  }
}

function linearizable(cell: Cell, found: LinearizabilityFindings): Verdict {
  const { keys, operations, keysNotLinearizable } = found
  const sampled = historyLevelOf(cell) === 'sample' ? ` (history level ${cell.history.level})` : ''
  // The database alone must be linearizable; a cache in front of it is no such promise.
  const gates = cell.pattern === 'none'
  const sentence = gates
    ? 'The database alone is linearizable, key by key.'
    : 'Cache and database together behave like one copy of the data, key by key.'
  const verdict = about(cell, 'checker/linearizable', sentence)
  const numbers = { keys, operations, keysNotLinearizable }
  if (operations === 0) return { ...verdict, outcome: 'unknown', evidence: 'No read or write could be judged.', numbers, gates }
  if (keysNotLinearizable === 0) {
    return {
      ...verdict,
      outcome: 'holds',
      evidence: `${plural(operations, 'operation')} on ${plural(keys, 'key')} are linearizable${sampled}.`,
      numbers,
      gates,
    }
  }
  const evidence = `${countInWords(keysNotLinearizable)} of ${plural(keys, 'key')} (${plural(operations, 'operation')}${sampled}) have a history that no single copy of the data could have produced.`
  return { ...verdict, outcome: 'fails', evidence, numbers, counterexample: found.counterexample, gates }
}

function servedLate(cell: Cell, expiry: ExpiryFindings): Verdict {
  const { judgedReads, servedLate: late, worstLatenessNanos, examples } = expiry
  const numbers = { judgedReads, servedLate: late, worstLatenessNanos }
  const verdict = about(cell, 'checker/expiry', 'The cache served no value after its time to live.')
  if (late === 0) return { ...verdict, outcome: 'holds', evidence: `Served late: ${noneOf(judgedReads)}.`, numbers, gates: true }
  const evidence = `${countInWords(late)} of ${plural(judgedReads, 'cache hit')} came after the time to live had ended, the latest by ${nanosInWords(worstLatenessNanos)}.`
  return { ...verdict, outcome: 'fails', evidence, numbers, counterexample: examples, gates: true }
}

function ownValues(cell: Cell, values: ValueFindings): Verdict {
  const { reads, wrongValues, examples } = values
  const verdict = about(cell, 'checker/values', 'Every value that was read was whole and belonged to its key.')
  const numbers = { reads, wrongValues }
  if (wrongValues === 0) return { ...verdict, outcome: 'holds', evidence: `Wrong values: ${noneOf(reads)}.`, numbers, gates: true }
  return {
    ...verdict,
    outcome: 'fails',
    evidence: `${countInWords(wrongValues)} of ${plural(reads, 'read')} got another key's value or a damaged one.`,
    numbers,
    counterexample: examples,
    gates: true,
  }
}

function sessionsKept(cell: Cell, sessions: NonNullable<Cell['sessions']>): Verdict {
  const { loginsAcknowledged, lostSessions, lostUpdates, resurrectedSessions, servedAfterExpiry, worstLatenessNanos, examples } = sessions
  const verdict = about(cell, 'checker/sessions', 'Sessions live from their login to their logout or expiry, with every acknowledged update.')
  const numbers = { loginsAcknowledged, lostSessions, lostUpdates, resurrectedSessions, servedAfterExpiry, worstLatenessNanos }
  if (loginsAcknowledged === 0) return { ...verdict, outcome: 'unknown', evidence: 'No login was acknowledged.', numbers, gates: false }
  if (lostSessions + lostUpdates + resurrectedSessions + servedAfterExpiry === 0) {
    return {
      ...verdict,
      outcome: 'holds',
      evidence: `Sessions lost, rolled back, resurrected or served late: ${noneOf(loginsAcknowledged)}.`,
      numbers,
      gates: false,
    }
  }
  const evidence =
    `Of ${plural(loginsAcknowledged, 'session')}: ${countInWords(lostSessions)} lost, ${plural(lostUpdates, 'update')} lost, ` +
    `${countInWords(resurrectedSessions)} resurrected after logout, ${plural(servedAfterExpiry, 'read')} served after expiry${servedAfterExpiry > 0 ? ` (latest by ${nanosInWords(worstLatenessNanos)})` : ''}.`
  return { ...verdict, outcome: 'fails', evidence, numbers, counterexample: examples, gates: false }
}

function scoresAddUp(cell: Cell, board: NonNullable<Cell['leaderboard']>): Verdict {
  const { increments, acknowledged, unknown, members, lostIncrements, duplicatedIncrements, examples } = board
  // Without a fault nothing excuses a wrong total.
  const gates = cellSettings(cell).faults.length === 0
  const verdict = about(cell, 'checker/leaderboard-totals', 'Every acknowledged increment counts once.')
  const numbers = { increments, acknowledged, unknown, members, lostIncrements, duplicatedIncrements }
  if (members === 0) return { ...verdict, outcome: 'unknown', evidence: 'No final score was read back.', numbers, gates: false }
  const width = unknown === 0 ? '' : ` (${countInWords(unknown)} of unknown outcome count either way)`
  if (lostIncrements + duplicatedIncrements === 0) {
    const evidence = `${plural(acknowledged, 'acknowledged increment')} add up to the final scores of ${plural(members, 'member')}${width}.`
    return { ...verdict, outcome: 'holds', evidence, numbers, gates }
  }
  const evidence = `Of ${plural(acknowledged, 'acknowledged increment')} at least ${countInWords(lostIncrements)} were lost, and at least ${countInWords(duplicatedIncrements)} were applied twice${width}.`
  return { ...verdict, outcome: 'fails', evidence, numbers, counterexample: examples, gates }
}

function sorted(cell: Cell, board: NonNullable<Cell['leaderboard']>): Verdict {
  const { unsortedReads, rankChanges } = board
  const reads = cell.classes.filter((one) => one.layer === 'app' && one.kind === 'read').reduce((sum, one) => sum + one.ok, 0)
  const verdict = about(cell, 'checker/leaderboard-order', 'Every answer was in order of the scores and named each member once.')
  const numbers = { reads, unsortedReads, rankChanges }
  if (reads + unsortedReads === 0) return { ...verdict, outcome: 'unknown', evidence: 'No ranking was read.', numbers, gates: false }
  if (unsortedReads === 0) return { ...verdict, outcome: 'holds', evidence: `Unsorted or repeating answers: ${noneOf(reads)}.`, numbers, gates: true }
  return {
    ...verdict,
    outcome: 'fails',
    evidence: `${countInWords(unsortedReads)} of ${plural(reads, 'answer')} were unsorted or named a member twice.`,
    numbers,
    gates: true,
  }
}

function about(cell: Cell, id: string, sentence: string): Pick<Verdict, 'kind' | 'id' | 'sentence' | 'cells'> & { readonly kind: 'checker' } {
  return { kind: 'checker', id, sentence, cells: [cell.id] }
}
