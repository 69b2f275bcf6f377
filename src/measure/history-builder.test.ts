import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatHistories } from './concat-histories.ts'
import { rowArbitrary } from './history.arbitrary.contract.ts'
import type { HistoryColumns, HistoryRow } from './history.ts'
import { HistoryBuilder } from './history-builder.ts'
import { allocateNumbers, dictionaryOf, HISTORY_COLUMNS, numbersOf } from './history-columns.ts'
import { historyOf, rowAt, rowsOf } from './history-row.ts'
import { MAX_DICTIONARY_ENTRIES, OTHER_TEXT, TextDictionary } from './text-dictionary.ts'

const SEED = 20261124

function built(rows: readonly HistoryRow[]): HistoryColumns {
  const builder = new HistoryBuilder(1)
  for (const row of rows) builder.append(row)
  return builder.view()
}

describe('HistoryBuilder', () => {
  it('gives back every row as it was appended', () => {
    fc.assert(
      fc.property(fc.array(rowArbitrary, { maxLength: 40 }), (rows) => {
        expect(rowsOf(built(rows))).toEqual(rows)
      }),
      { seed: SEED },
    )
  })

  it('copies a row, so that the caller may reuse the object', () => {
    const row = { ...rowAt(historyOf([{ op: 1 }]), 0) } as { -readonly [K in keyof HistoryRow]: HistoryRow[K] }
    const builder = new HistoryBuilder()
    builder.append(row)
    row.op = 2
    row.fn = 'write'
    builder.append(row)
    expect(rowsOf(builder.view()).map(({ op, fn }) => [op, fn])).toEqual([
      [1, 'read'],
      [2, 'write'],
    ])
  })

  it('shows rows that stay as they are while others are appended, in memory that a thread can read', () => {
    const row = rowAt(historyOf([{ fn: 'get' }]), 0)
    const builder = new HistoryBuilder(2)
    for (const op of [1, 2, 3]) builder.append({ ...row, op })
    const view = builder.view()
    const before = rowsOf(view)
    for (let op = 4; op < 100; op++) builder.append({ ...row, op, fn: `fn ${op}`, status: 'fail' })
    expect(rowsOf(view)).toEqual(before)
    for (const { name } of HISTORY_COLUMNS) expect(numbersOf(view, name).buffer, name).toBeInstanceOf(SharedArrayBuffer)
  })

  it('keeps the dictionaries over clear, so that codes mean the same in the next segment', () => {
    const builder = new HistoryBuilder()
    const row = rowAt(historyOf([{ fn: 'get' }]), 0)
    builder.append(row)
    builder.clear()
    expect(builder.view().length).toBe(0)
    builder.append({ ...row, fn: 'set' })
    builder.append(row)
    expect(builder.view().fn.dictionary).toEqual(['get', 'set'])
    expect([...builder.view().fn.codes]).toEqual([1, 0])
  })

  it('stops at the largest value instead of wrapping round', () => {
    const row = rowAt(historyOf([{}]), 0)
    const history = built([{ ...row, attempts: 70_000, bytesIn: 2 ** 40, bytesOut: 2 ** 33 }])
    expect(rowAt(history, 0)).toMatchObject({ attempts: 0xffff, bytesIn: 0xffffffff, bytesOut: 0xffffffff })
  })
})

describe('HISTORY_COLUMNS', () => {
  it('names every column of a history with the type it is held in', () => {
    const history = historyOf([{}])
    expect(HISTORY_COLUMNS.map(({ name }) => name).sort()).toEqual(
      Object.keys(history)
        .filter((name) => name !== 'length')
        .sort(),
    )
    for (const { name, type } of HISTORY_COLUMNS) {
      expect(numbersOf(history, name).constructor, name).toBe(allocateNumbers(type, 1).constructor)
      expect(dictionaryOf(history, name) !== undefined, name).toBe(type === 'text')
    }
  })
})

describe('concatHistories', () => {
  it('orders by completion, pending operations last', () => {
    const joined = concatHistories([
      historyOf([
        { op: 1, instance: 0, done: 30 },
        { op: 2, instance: 0, sent: 5, done: -1 },
      ]),
      historyOf([
        { op: 3, instance: 1, done: 10 },
        { op: 4, instance: 1, done: 30 },
        { op: 5, instance: 1, sent: 4, done: -1 },
      ]),
    ])
    expect([...joined.op]).toEqual([3, 1, 4, 5, 2])
  })

  it('keeps every row and does not depend on the order of the instances', () => {
    fc.assert(
      fc.property(fc.array(rowArbitrary, { maxLength: 60 }), (rows) => {
        const parts = [0, 1, 2, 3].map((instance) => built(rows.filter((row) => row.instance === instance)))
        const joined = rowsOf(concatHistories(parts))
        expect(rowsOf(concatHistories([...parts].reverse()))).toEqual(joined)
        const begun = ({ sent, due }: HistoryRow) => (sent < 0 ? due : sent)
        const rank = ({ done }: HistoryRow) => (done < 0 ? Number.POSITIVE_INFINITY : done)
        const expected = rows
          .map((row, position) => ({ row, position }))
          .sort(
            (a, b) =>
              (rank(a.row) === rank(b.row) ? 0 : rank(a.row) - rank(b.row)) ||
              (a.row.done < 0 ? begun(a.row) - begun(b.row) : 0) ||
              a.row.instance - b.row.instance ||
              a.position - b.position,
          )
          .map(({ row }) => row)
        expect(joined).toEqual(expected)
      }),
      { seed: SEED },
    )
  })

  it('joins nothing to an empty history', () => {
    expect(concatHistories([]).length).toBe(0)
    expect(concatHistories([historyOf([]), historyOf([])]).length).toBe(0)
  })
})

describe('historyOf', () => {
  it('fills in what a test leaves out', () => {
    expect(rowsOf(historyOf([{ fn: 'write', arg: 7 }, { status: 'info' }, { done: -1 }, { due: 50, sent: 60 }]))).toMatchObject([
      { op: 0, fn: 'write', arg: 7, ret: Number.NaN, sent: 0, due: 0, done: 1000, status: 'ok', parent: -1, attempts: 1 },
      { op: 3, due: 50, sent: 60, done: 1060 },
      { op: 1, sent: 1000, done: -1, status: 'info' },
      { op: 2, status: 'info', done: -1 },
    ])
  })

  it('refuses a row that is not there', () => {
    expect(() => rowAt(historyOf([{}]), 1)).toThrow('row 1 of a history of 1 rows')
  })
})

describe('TextDictionary', () => {
  it('goes on with one word for the rest once its codes are used up', () => {
    const dictionary = new TextDictionary()
    for (let n = 0; n < MAX_DICTIONARY_ENTRIES + 10; n++) dictionary.code(`error ${n}`)
    expect(dictionary.entries.length).toBe(MAX_DICTIONARY_ENTRIES)
    expect(dictionary.entries[dictionary.code('one more')]).toBe(OTHER_TEXT)
    expect(dictionary.entries[dictionary.code('error 5')]).toBe('error 5')
  })
})
