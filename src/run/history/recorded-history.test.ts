import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { concatHistories } from '../../measure/concat-histories.ts'
import { rowArbitrary } from '../../measure/history.arbitrary.contract.ts'
import type { HistoryColumns, HistoryRow } from '../../measure/history.ts'
import { HistoryBuilder } from '../../measure/history-builder.ts'
import { historyHash } from '../../measure/history-hash.ts'
import { historyOf, rowAt, rowsOf } from '../../measure/history-row.ts'
import { hashOfSource, historySourceContract } from '../../measure/history-source.contract.ts'
import { columnsOfSource } from '../../measure/history-source.ts'
import { ROW_GROUP_ROWS } from './history-encoder.ts'
import { encodeHistoryFile } from './history-file.ts'
import { IntentLog } from './intents.ts'
import { mergeRecorded, readRecorded, removeRecorded, writeRecorded } from './recorded-history.ts'
import { SegmentWriter } from './segment-writer.ts'

const SEED = 20261124
const ROW = rowAt(historyOf([{}]), 0)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cacheproof-recorded-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const pathOf = (instance: number) => join(folder, `cell.${instance}.segments`)

/** One file, with a segment of so many rows each. Returns the rows as they are in memory. */
function record(path: string, rows: readonly Partial<HistoryRow>[], segmentRows = 3): HistoryColumns {
  const writer = new SegmentWriter({ path, failed: ({ message }) => expect.fail(message) })
  const builder = new HistoryBuilder(1)
  const all = new HistoryBuilder(1)
  for (const [at, row] of rows.entries()) {
    builder.append({ ...ROW, ...row })
    all.append({ ...ROW, ...row })
    if ((at + 1) % segmentRows === 0 || at + 1 === rows.length) {
      writer.write(builder.view())
      builder.clear()
    }
  }
  writer.close()
  return all.view()
}

historySourceContract(
  'segments of three instances',
  async (history) => {
    const paths = [0, 1, 2].map((instance) => join(folder, `${Math.random()}.${instance}.segments`))
    for (const [at, path] of paths.entries()) {
      record(
        path,
        rowsOf(history).filter(({ instance }) => instance % 3 === at),
        history.length > 1_000 ? 700 : 3,
      )
    }
    return mergeRecorded(readRecorded(paths))
  },
  40_000,
)

describe('what instances recorded', () => {
  it('makes the same file and hash as all of it in memory, byte for byte', async () => {
    const strand = fc.array(rowArbitrary, { maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(strand, { minLength: 1, maxLength: 3 }),
        strand,
        fc.integer({ min: 1, max: 7 }),
        async (all, unwritten, segmentRows) => {
          const parts = all.map((rows, instance) => record(pathOf(instance), rows, segmentRows))
          const kept = record(pathOf(9), unwritten)
          const recorded = readRecorded(
            all.map((_, instance) => pathOf(instance)),
            [kept],
          )
          const inMemory = concatHistories([...parts, kept])
          const path = join(folder, 'cell.parquet')
          await writeRecorded(path, recorded)
          expect(readFileSync(path).equals(encodeHistoryFile(inMemory))).toBe(true)
          expect(await hashOfSource(mergeRecorded(recorded))).toBe(historyHash(inMemory))
        },
      ),
      { seed: SEED, numRuns: 30 },
    )
  })

  it('counts what could not be read back, and keeps the rest', async () => {
    for (const instance of [0, 1]) {
      record(
        pathOf(instance),
        Array.from({ length: 6 }, (_, op) => ({ op: 10 * instance + op, instance, done: op })),
      )
    }
    truncateSync(pathOf(1), readFileSync(pathOf(1)).length - 1)
    const recorded = readRecorded([pathOf(0), pathOf(1), pathOf(2)])
    expect(recorded.torn).toBe(1)
    expect([...(await columnsOfSource(mergeRecorded(recorded))).op]).toEqual([0, 10, 1, 11, 2, 12, 3, 4, 5])
  })

  it('has the calls that an instance was about to make and never recorded', async () => {
    const intents = new IntentLog(pathOf(0), (text) => expect.fail(text))
    const about = (op: number) => ({ ...ROW, op, layer: 'cache', fn: 'set', sent: op, due: op, done: -1, status: 'info', error: 'killed' }) as const
    for (const op of [1, 2, 3, 4]) intents.begin(about(op))
    intents.close()
    record(pathOf(0), [
      { op: 2, done: 20 },
      { op: 1, done: 10 },
    ])
    const recorded = readRecorded([pathOf(0)])
    const rows = rowsOf(await columnsOfSource(mergeRecorded(recorded)))
    expect(rows.map(({ op, done, status, error }) => [op, done, status, error])).toEqual([
      [1, 10, 'ok', ''],
      [2, 20, 'ok', ''],
      [3, -1, 'info', 'killed'],
      [4, -1, 'info', 'killed'],
    ])
    removeRecorded([pathOf(0)])
    expect(readdirSync(folder)).toEqual([])
  })

  it('becomes the file that all rows together make, however many row groups that takes', async () => {
    const many = (instance: number, count: number) =>
      Array.from({ length: count }, (_, op) => ({ op: 2 * op + instance, instance, done: 2 * op + instance }))
    const parts = [record(pathOf(0), many(0, ROW_GROUP_ROWS), 4_000), record(pathOf(1), many(1, 100))]
    const path = join(folder, 'cell.parquet')
    await writeRecorded(path, readRecorded([pathOf(0), pathOf(1)]))
    expect(Buffer.compare(readFileSync(path), encodeHistoryFile(concatHistories(parts)))).toBe(0)
  })

  it('says what the file system says once all was read, and leaves nothing half written', async () => {
    const path = join(folder, 'cell.parquet')
    mkdirSync(path)
    record(pathOf(0), [{ op: 1 }])
    await expect(writeRecorded(path, readRecorded([pathOf(0)]))).rejects.toMatchObject({ code: 'EISDIR' })
    expect(existsSync(`${path}.part`)).toBe(false)
  })

  it('leaves no half of a file behind when a file of segments goes away', async () => {
    record(pathOf(0), [{ op: 1 }])
    const recorded = readRecorded([pathOf(0)])
    rmSync(pathOf(0))
    await expect(writeRecorded(join(folder, 'cell.parquet'), recorded)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(existsSync(join(folder, 'cell.parquet.part'))).toBe(false)
  })

  it('says so when a file of segments has changed meanwhile', async () => {
    record(pathOf(0), [{ op: 1 }, { op: 2 }])
    const recorded = readRecorded([pathOf(0)])
    truncateSync(pathOf(0), 50)
    await expect(columnsOfSource(mergeRecorded(recorded))).rejects.toThrow(`${pathOf(0)} has changed since it was looked through`)
  })
})
