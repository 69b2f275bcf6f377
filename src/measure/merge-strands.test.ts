import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concatHistories } from './concat-histories.ts'
import { rowArbitrary } from './history.arbitrary.contract.ts'
import type { HistoryColumns, HistoryRow } from './history.ts'
import { HistoryBuilder } from './history-builder.ts'
import { historyOf, rowAt, rowsOf } from './history-row.ts'
import { historySourceContract } from './history-source.contract.ts'
import { columnsOfSource } from './history-source.ts'
import { type HistoryStrand, strandOfColumns } from './history-strand.ts'
import { mergeStrands } from './merge-strands.ts'

const SEED = 20261124
const ROW = rowAt(historyOf([{}]), 0)

function recorded(rows: readonly Partial<HistoryRow>[]): HistoryColumns {
  const builder = new HistoryBuilder(1)
  for (const row of rows) builder.append({ ...ROW, ...row })
  return builder.view()
}

/** Counts what is loaded: pieces over all, and the most between two chunks. */
function watched(strand: HistoryStrand) {
  const loads: number[] = []
  const watching: HistoryStrand = {
    ...strand,
    open() {
      const reader = strand.open()
      return {
        load(piece, into, at) {
          loads.push(piece)
          reader.load(piece, into, at)
        },
        close: () => reader.close(),
      }
    },
  }
  return { strand: watching, loads }
}

historySourceContract('one strand', async (history) => mergeStrands([strandOfColumns(history, 16)], 64), 1_000)
historySourceContract(
  'several strands',
  async (history) => {
    const builders = [new HistoryBuilder(), new HistoryBuilder(), new HistoryBuilder()]
    for (let row = 0; row < history.length; row++) builders[history.instance[row]! % 3]!.append(rowAt(history, row))
    return mergeStrands(
      builders.map((builder) => strandOfColumns(builder.view(), 16)),
      64,
    )
  },
  1_000,
)

describe('merging strands', () => {
  test('gives what joining and sorting all of them gives', async () => {
    // Few different times, so that instances and the order of recording have to decide.
    const few = fc.integer({ min: -1, max: 6 })
    const row = fc.record({ base: rowArbitrary, done: few, sent: few, due: fc.nat({ max: 6 }), instance: fc.nat({ max: 2 }) })
    const strand = fc.array(row, { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(strand, { maxLength: 4 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 20 }),
        async (all, piece, chunk) => {
          const parts = all.map((rows) => recorded(rows.map(({ base, ...times }) => ({ ...base, ...times }))))
          const merged = await columnsOfSource(
            mergeStrands(
              parts.map((part) => strandOfColumns(part, piece)),
              chunk,
            ),
          )
          expect(rowsOf(merged)).toEqual(rowsOf(concatHistories(parts)))
        },
      ),
      { seed: SEED, numRuns: 300 },
    )
  })

  test('gives chunks of one size, but for the last', async () => {
    const sizes: number[] = []
    const strand = strandOfColumns(recorded(Array.from({ length: 25 }, (_, op) => ({ op, done: op }))), 4)
    await mergeStrands([strand], 10).read(({ length }) => sizes.push(length))
    expect(sizes).toEqual([10, 10, 5])
  })

  test('holds a few pieces, however long a strand is: rows a little out of order, some that never completed', async () => {
    const rows = Array.from({ length: 2_000 }, (_, op) => ({ op, done: op % 50 === 0 ? -1 : 1_000 * op - 1_500 * (op % 4), sent: op }))
    const { strand, loads } = watched(strandOfColumns(recorded(rows), 20))
    const loadedBefore: number[] = []
    await mergeStrands([strand], 100).read(() => loadedBefore.push(loads.length))
    // A chunk is five pieces. The last chunk has those that never completed, which are read from all pieces.
    expect(loadedBefore[0]).toBeLessThanOrEqual(8)
    for (let chunk = 1; chunk < 19; chunk++) expect(loadedBefore[chunk]! - loadedBefore[chunk - 1]!).toBeLessThanOrEqual(6)
  })

  test('is not held up by one row that was recorded far too late', async () => {
    const rows = Array.from({ length: 2_000 }, (_, op) => ({ op, done: op === 1_990 ? 5 : 1_000 * op }))
    const { strand, loads } = watched(strandOfColumns(recorded(rows), 20))
    const loadedBefore: number[] = []
    const merged = mergeStrands([strand], 100)
    await merged.read(() => loadedBefore.push(loads.length))
    expect(loadedBefore[0]).toBeLessThanOrEqual(10)
    expect([...(await columnsOfSource(merged, ['op'])).op].slice(0, 3)).toEqual([0, 1_990, 1])
  })

  test('reads rows that are nowhere near their order all the same', async () => {
    const rows = Array.from({ length: 3_000 }, (_, op) => ({ op, done: 3_000 - op }))
    const merged = await columnsOfSource(mergeStrands([strandOfColumns(recorded(rows), 100)], 500), ['op'])
    expect([...merged.op]).toEqual(Array.from({ length: 3_000 }, (_, place) => 2_999 - place))
  })
})
