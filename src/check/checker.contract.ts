import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { HistoryColumns, HistoryRow } from '../measure/history.ts'
import { HISTORY_COLUMNS, type HistoryColumnName } from '../measure/history-columns.ts'
import { historyOf, rowsOf } from '../measure/history-row.ts'
import type { Cell } from '../measure/run-result.ts'
import { SECOND } from '../runtime/runtime.ts'
import { cellFixture, DATABASE_FIXTURE } from './cell-fixture.contract.ts'
import { cellSettings } from './cell-settings.ts'
import type { Checker, CheckerResult } from './checker.ts'

export type HistoryRows = readonly Partial<HistoryRow>[]

export interface CheckerSubject {
  readonly checker: Checker
  /** The cell whose history it is; one with a database and without a time to live unless told. */
  readonly cell?: Cell
  /** Histories of a cache that is right, whatever was under way or got lost: on them it must be silent. */
  readonly correct: fc.Arbitrary<HistoryRows>
  /** One fault each, planted into any correct history, after it and on keys of its own: it must say that something fails. */
  readonly planted: Readonly<Record<string, HistoryRows>>
  /** A history in which there is plenty that could have refuted it, and nothing did. */
  readonly plenty: HistoryRows
}

/** Rows are planted from here on: after all that the generators make (`atomic-history.arbitrary.contract.ts`). */
export const LATE_NANOS = 2e8
/** And on keys from here on. */
export const PLANTED_KEY = 7777

const RUN = { seed: 20261126, numRuns: 60 }

export function checkedCell(fields: Partial<Cell> = {}): Cell {
  return cellFixture({ database: DATABASE_FIXTURE, measuredNanos: 60 * SECOND, ...fields })
}

/** One checker over a history that comes in these chunks. */
export function runChecker(checker: Checker, cell: Cell, chunks: readonly HistoryColumns[]): CheckerResult {
  const running = checker.create({ cell, settings: cellSettings(cell) })
  for (const chunk of chunks) running.accept(chunk)
  return running.finish()
}

/** The rows cut where told, each chunk with texts, and codes, of its own. */
export function chunksOf(columns: HistoryColumns, cuts: readonly number[]): readonly HistoryColumns[] {
  const rows = rowsOf(columns)
  const places = [0, ...[...new Set(cuts.map((cut) => cut % (rows.length + 1)))].sort((a, b) => a - b), rows.length]
  return places.slice(1).map((end, index) => historyOf(rows.slice(places[index], end)))
}

/** The conformance suite of every checker. */
export function checkerContract(subject: CheckerSubject): void {
  const { checker, cell = checkedCell(), correct, planted, plenty } = subject
  const outcomesOf = ({ verdicts }: CheckerResult) => verdicts.map(({ outcome }) => outcome)
  const judge = (rows: HistoryRows) => runChecker(checker, cell, [historyOf(rows)])

  describe(`checker contract: ${checker.id}`, () => {
    property.prop([correct], RUN)('is silent on what is right', (rows) => {
      const { verdicts } = judge(rows)
      expect(verdicts.filter(({ outcome }) => outcome === 'fails')).toEqual([])
    })

    describe.each(Object.entries(planted))('catches %s', (_, rows) => {
      property.prop([correct], { ...RUN, numRuns: 30 })('in any history', (before) => {
        const failing = judge([...before, ...rows]).verdicts.filter(({ outcome }) => outcome === 'fails')
        expect(failing).toHaveLength(1)
        expect(failing[0]!.counterexample?.length).toBeGreaterThan(0)
        expect(failing[0]!.evidence).not.toBe('')
      })
    })

    property.prop([correct, fc.constantFrom(...Object.values(planted), []), fc.array(fc.nat(), { maxLength: 6 })], RUN)(
      'says the same wherever the history is cut',
      (rows, fault, cuts) => {
        const columns = historyOf([...rows, ...fault])
        expect(runChecker(checker, cell, chunksOf(columns, cuts))).toEqual(runChecker(checker, cell, [columns]))
      },
    )

    property.prop([correct, fc.constantFrom(...Object.values(planted), []), fc.nat()], RUN)(
      'takes an operation that never began for none',
      (rows, fault, draw) => {
        const all = [...rows, ...fault]
        const unstarted = [...all.filter(({ layer }) => layer === undefined || layer === 'app').entries()]
          .filter(([place]) => (place + draw) % 3 === 0)
          .map(
            ([place, row]): Partial<HistoryRow> => ({
              ...row,
              op: 5e5 + place,
              due: row.sent ?? 0,
              sent: -1,
              done: -1,
              status: 'info',
              error: 'unstarted',
            }),
          )
        expect(judge([...all, ...unstarted])).toEqual(judge(all))
      },
    )

    test('reads the columns it names, and no others', () => {
      const columns = historyOf([...plenty, ...Object.values(planted).flat()])
      const named = new Set<PropertyKey>(['length', ...checker.columns])
      const guarded = new Proxy(columns, {
        get(of, name) {
          if (!named.has(name)) throw new Error(`${checker.id} reads the column "${String(name)}", which it does not name`)
          return of[name as keyof HistoryColumns]
        },
      })
      expect(runChecker(checker, cell, [guarded])).toEqual(runChecker(checker, cell, [columns]))
      const all: readonly HistoryColumnName[] = HISTORY_COLUMNS.map(({ name }) => name)
      expect(checker.columns.filter((name) => !all.includes(name))).toEqual([])
    })

    test('says what could have refuted each sentence, and that nothing holds of which nothing could', () => {
      for (const { outcome, observations, notTested, gates } of judge([]).verdicts) {
        expect({ outcome, observations, gates, notTested }).toEqual({
          outcome: 'unknown',
          observations: 0,
          gates: false,
          notTested: { why: expect.any(String), command: expect.stringMatching(/^(cacheproof run |--)/) },
        })
      }
      const seen = judge(plenty)
      expect(outcomesOf(seen)).toEqual(seen.verdicts.map(() => 'holds'))
      for (const { observations, evidence, sentence, cells } of seen.verdicts) {
        expect(observations).toBeGreaterThanOrEqual(30)
        expect(evidence).toMatch(/\.$/)
        expect(sentence).toMatch(/\.$/)
        expect(cells).toEqual([cell.id])
      }
    })

    test('describes its measures, if there is a table of them', () => {
      const { measures } = judge([...plenty, ...Object.values(planted)[0]!])
      if (!checker.table) return
      const line = checker.table.line({ ...cell, ...measures })
      expect(line?.figures).toHaveLength(checker.table.columns.length)
      expect(line!.figures.some(({ wrong }) => wrong)).toBe(true)
      expect(line!.examples.length).toBeGreaterThan(0)
      expect(checker.table.line(cell)).toBeUndefined()
    })
  })
}
