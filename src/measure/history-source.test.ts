import { expect, test } from 'vitest'
import { historyOf } from './history-row.ts'
import { historySourceContract } from './history-source.contract.ts'
import { sourceOfColumns, withWholeHistory } from './history-source.ts'
import { strandOfColumns } from './history-strand.ts'
import { mergeStrands } from './merge-strands.ts'

historySourceContract('columns in memory', async (history) => sourceOfColumns(history), 100)

test('what takes all rows at once is given the memory they are in, or a copy of several chunks', async () => {
  const history = historyOf([{ op: 1 }, { op: 2 }, { op: 3 }])
  expect(await withWholeHistory(sourceOfColumns(history), ['op'], ({ op }) => op)).toBe(history.op)
  const chunks = mergeStrands([strandOfColumns(history)], 2)
  expect(await withWholeHistory(chunks, ['op'], ({ op, done }) => [[...op], done.length])).toEqual([[1, 2, 3], 0])
  expect(await withWholeHistory(sourceOfColumns(historyOf([])), ['op'], ({ length }) => length)).toBe(0)
})
