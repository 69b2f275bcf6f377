import { describe, expect, it } from 'vitest'
import type { HistoryRow } from '../measure/history.ts'
import { historyOf } from '../measure/history-row.ts'
import { MILLISECOND } from '../runtime/runtime.ts'
import { checkLinearizability } from './linearizable.ts'
import { checkStaleness } from './staleness.ts'

/** "w1[0,10] r1[2,8] w2[2,inf]:info", as in Jepsen-style notes, as rows of an application that nothing else is known of; times in ms. */
function rowsOfNotes(text: string): Partial<HistoryRow>[] {
  return text.split(' ').map((one): Partial<HistoryRow> => {
    const match = /^([wr])(\d+)\[(\d+),(\d+|inf)\](?::(info|fail))?$/.exec(one)
    if (!match) throw new Error(one)
    const [, kind, value, start, end, status] = match
    const times = {
      sent: Number(start) * MILLISECOND,
      done: end === 'inf' ? -1 : Number(end) * MILLISECOND,
      status: (status ?? 'ok') as HistoryRow['status'],
    }
    if (kind === 'r') return { ...times, fn: 'read', outcome: 'read', ret: Number(value) }
    return { ...times, fn: 'write', outcome: 'write', arg: Number(value), ret: status === undefined ? Number(value) : Number.NaN }
  })
}

/**
 * Checked with zones and with a Wing-Gong-Lowe search. Staleness: by how much the oldest read came after the acknowledgement
 * of a write that had begun after the write of what it returned was over.
 */
const VECTORS: readonly { readonly id: string; readonly ops: string; readonly ok: boolean; readonly staleMs: number | null }[] = [
  { id: 'V1', ops: 'w1[0,10] r1[2,8] r0[3,5]', ok: true, staleMs: 0 },
  { id: 'V2', ops: 'w1[0,1] w2[2,3] r1[4,5]', ok: false, staleMs: 1 },
  { id: 'V3', ops: 'w1[0,1] w2[2,10] r2[3,4] r1[5,6]', ok: false, staleMs: 0 },
  { id: 'V4', ops: 'w1[0,1] w2[2,inf]:info r1[5,6] r1[100,101]', ok: true, staleMs: 0 },
  { id: 'V5', ops: 'w1[0,1] w2[2,inf]:info r2[50,51] r1[60,61]', ok: false, staleMs: 0 },
  { id: 'V6', ops: 'w1[0,1] w2[2,inf]:info r1[5,6] r2[50,51]', ok: true, staleMs: 0 },
  { id: 'V7', ops: 'w1[0,1] w2[2,3]:fail r2[4,5]', ok: false, staleMs: null },
  { id: 'V8', ops: 'w1[0,1] r99[2,3]', ok: false, staleMs: null },
  { id: 'V9', ops: 'r1[0,1] w1[2,3]', ok: false, staleMs: null },
  { id: 'V10', ops: 'w1[0,1] w2[2,3] r1[4,5] r1[40,41] r2[50,51]', ok: false, staleMs: 37 },
  { id: 'V11', ops: 'w1[0,5] w2[1,6] r1[7,8] r2[9,10]', ok: false, staleMs: 0 },
  { id: 'V12', ops: 'w1[0,5] w2[1,6] r1[7,8] r1[9,10]', ok: true, staleMs: 0 },
]

describe('vectors of histories without versions', () => {
  it.each(VECTORS)('$id: $ops', ({ ops, ok, staleMs }) => {
    const columns = historyOf(rowsOfNotes(ops))
    expect(checkLinearizability(columns)).toMatchObject({ keysNotLinearizable: ok ? 0 : 1, keysAmbiguous: 0 })
    if (staleMs === null) return
    expect((checkStaleness(columns).staleness.ageNanos?.maxNanos ?? 0) / MILLISECOND).toBe(staleMs)
  })

  it('is inconclusive about values that are written again', () => {
    const columns = historyOf(rowsOfNotes('w1[0,1] r1[2,3] w2[4,5] w1[6,7] r1[8,9]'))
    expect(checkLinearizability(columns)).toMatchObject({ keys: 1, keysNotLinearizable: 0, keysAmbiguous: 1, counterexample: [] })
    expect(checkStaleness(columns).staleness).toMatchObject({ staleReads: 0, judgedReads: 0, readYourWritesViolations: 0 })
  })

  it('says what it can of the other values', () => {
    const columns = historyOf(rowsOfNotes('w1[0,1] w2[4,5] w1[6,7] w3[8,9] r2[10,11]'))
    expect(checkLinearizability(columns)).toMatchObject({ keysNotLinearizable: 1 })
    expect(checkStaleness(columns).staleness).toMatchObject({ staleReads: 1 })
  })
})
