import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rowArbitrary } from './history.arbitrary.contract.ts'
import type { HistoryColumns, HistoryRow } from './history.ts'
import { HISTORY_COLUMNS, type HistoryColumnName, numbersOf } from './history-columns.ts'
import { HistoryHash } from './history-hash.ts'
import { historyOf, rowsOf } from './history-row.ts'
import { columnsOfSource, type HistorySource } from './history-source.ts'

/** As a run hashes its history while it is judged. */
export async function hashOfSource(source: HistorySource): Promise<string> {
  const hash = new HistoryHash()
  await source.read((rows) => hash.accept(rows), hash.columns)
  return hash.finish()
}

const SEED = 20261124

/** A history, in its order, as the source under test. */
export type OpenSource = (history: HistoryColumns) => Promise<HistorySource>

const histories = fc.array(rowArbitrary, { maxLength: 60 }).map((rows) => historyOf(rows))
const someColumns = fc.uniqueArray(fc.constantFrom(...HISTORY_COLUMNS.map(({ name }) => name)), { minLength: 1 })

/** All rows of a read, as objects of their own. */
async function rowsOfSource(source: HistorySource): Promise<HistoryRow[]> {
  const rows: HistoryRow[] = []
  await source.read((chunk) => rows.push(...rowsOf(chunk)))
  return rows
}

/** The suite of every source of a history. `many`: rows enough for several chunks. */
export function historySourceContract(name: string, open: OpenSource, many: number): void {
  const long = historyOf(Array.from({ length: many }, (_, op) => ({ op, fn: op % 7 ? 'get' : `set ${op % 1_000}`, key: op % 100, done: op * 1_000 })))

  describe(`history source contract: ${name}`, () => {
    test('gives back every row, in order', async () => {
      await fc.assert(
        fc.asyncProperty(histories, async (history) => {
          const source = await open(history)
          expect(source.length).toBe(history.length)
          expect(await rowsOfSource(source)).toEqual(rowsOf(history))
        }),
        { seed: SEED, numRuns: 40 },
      )
    })

    test('fills the columns it is asked for, and no other', async () => {
      await fc.assert(
        fc.asyncProperty(histories, someColumns, async (history, columns) => {
          const source = await open(history)
          const asked = new Set<HistoryColumnName>(columns)
          await source.read((rows) => {
            for (const { name: column } of HISTORY_COLUMNS) expect(numbersOf(rows, column).length).toBe(asked.has(column) ? rows.length : 0)
          }, columns)
          const back = await columnsOfSource(source, columns)
          for (const column of columns) {
            const texts = ({ [column]: values }: HistoryColumns) =>
              'codes' in values ? [...values.codes].map((code) => values.dictionary[code]) : [...values]
            expect(texts(back)).toEqual(texts(history))
          }
        }),
        { seed: SEED, numRuns: 40 },
      )
    })

    test('keeps one dictionary a column over its chunks, which only grows', async () => {
      const source = await open(long)
      const seen: string[] = []
      let dictionary: readonly string[] | undefined
      let rows = 0
      await source.read(({ fn, length }) => {
        dictionary ??= fn.dictionary
        expect(fn.dictionary).toBe(dictionary)
        expect(fn.dictionary.slice(0, seen.length)).toEqual(seen)
        seen.push(...fn.dictionary.slice(seen.length))
        rows += length
      })
      expect(rows).toBe(many)
    })

    test('may be read again, also while it is read', async () => {
      const source = await open(long)
      const [all, ops] = await Promise.all([columnsOfSource(source), columnsOfSource(source, ['op'])])
      expect([...ops.op]).toEqual([...long.op])
      expect([...all.op]).toEqual([...long.op])
      expect([...all.fn.codes].map((code) => all.fn.dictionary[code])).toEqual([...long.fn.codes].map((code) => long.fn.dictionary[code]))
    })

    test('visits nothing for no rows', async () => {
      const source = await open(historyOf([]))
      let visits = 0
      await source.read(() => visits++)
      expect(visits).toBe(0)
    })

    test('ends with what the visitor throws', async () => {
      const source = await open(historyOf([{}]))
      const mistake = new TypeError('of the visitor')
      await expect(
        source.read(() => {
          throw mistake
        }),
      ).rejects.toBe(mistake)
    })
  })
}
