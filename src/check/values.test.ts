import { describe, expect, it } from 'vitest'
import type { HistoryRow } from '../measure/history.ts'
import { historyOf } from '../measure/history-row.ts'
import { registerHistory, stepsArbitrary } from './atomic-history.arbitrary.contract.ts'
import { checkerContract, LATE_NANOS, PLANTED_KEY } from './checker.contract.ts'
import { checkValues, values } from './values.ts'

type Row = Partial<HistoryRow>
const read = (sent: number, more: Row = {}): Row => ({ fn: 'read', outcome: 'read hit', ret: 1, writer: 0, sent, done: sent + 1, ...more })
const absent = (sent: number, more: Row = {}): Row => ({ fn: 'read', outcome: 'read absent hit', sent, done: sent + 1, ...more })
const commit = (version: number, sent: number, more: Row = {}): Row => ({
  layer: 'database',
  fn: 'write',
  ret: version,
  sent,
  done: sent + 1,
  ...more,
})
const check = (rows: Row[]) => checkValues(historyOf(rows))

describe('checkValues', () => {
  it('counts another key’s values and damaged ones, of the load and of the read-back', () => {
    const rows = [
      read(0),
      read(2, { ret: Number.NaN, error: 'foreign' }),
      read(4, { error: 'torn', outcome: 'read miss' }),
      { layer: 'probe', fn: 'cached', outcome: 'torn', sent: 6 } as const,
    ]
    expect(check(rows)).toMatchObject({ reads: 4, wrongValues: 3, wronglyAbsent: 0 })
  })

  it('counts a row that is there and was not found, whenever it became known', () => {
    const many = Array.from({ length: 36 }, (_, n) => absent(10 * n))
    expect(check([...many, read(500)])).toMatchObject({ wronglyAbsent: 36, reads: 37, examples: [expect.stringContaining('no such row')] })
    expect(check([read(0), absent(10)])).toMatchObject({ wronglyAbsent: 1 })
    expect(check([commit(7, 0), absent(10)])).toMatchObject({ wronglyAbsent: 1 })
    const back: Row = { layer: 'probe', fn: 'committed', outcome: 'found', ret: 1, writer: 0, sent: 900, done: 900 }
    expect(check([...many, back])).toMatchObject({ wronglyAbsent: 36 })
    expect(check([read(0), { ...back, outcome: 'absent', ret: Number.NaN }])).toMatchObject({ wronglyAbsent: 1 })
  })

  it('lets a row be absent until it is made', () => {
    expect(check([absent(0), commit(1, 5), read(10, { writer: 1 })])).toMatchObject({ wronglyAbsent: 0 })
    expect(check([absent(0), commit(1, 5), absent(3), absent(10)])).toMatchObject({ wronglyAbsent: 1 })
    const unknown: Row = { layer: 'database', fn: 'write', sent: 5, done: -1 }
    expect(check([absent(0), unknown, read(20, { writer: 1 })])).toMatchObject({ wronglyAbsent: 0 })
    // Unless it was loaded for certain.
    expect(check([absent(0), unknown, read(20)])).toMatchObject({ wronglyAbsent: 1 })
    expect(check([absent(0), absent(5)])).toMatchObject({ wronglyAbsent: 0, reads: 0 })
  })

  it('takes an absent session for none of this', () => {
    expect(check([{ fn: 'read', outcome: 'session miss', sent: 5 }, read(10)])).toMatchObject({ wronglyAbsent: 0 })
  })
})

const PLANTED = { key: PLANTED_KEY }
checkerContract({
  checker: values,
  correct: stepsArbitrary.map(registerHistory),
  planted: {
    'another key’s value': [{ ...PLANTED, ...read(LATE_NANOS, { ret: Number.NaN, writer: -1, error: 'foreign' }) }],
    'a damaged value': [{ ...PLANTED, layer: 'probe', fn: 'cached', outcome: 'torn', sent: LATE_NANOS, done: LATE_NANOS }],
    'a row that is there and absent': [
      { ...PLANTED, ...absent(LATE_NANOS) },
      { ...PLANTED, ...read(LATE_NANOS + 10) },
    ],
  },
  plenty: Array.from({ length: 40 }, (_, n) => read(n)),
})
