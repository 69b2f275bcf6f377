import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { concatHistories } from '../../measure/concat-histories.ts'
import type { HistoryColumns } from '../../measure/history.ts'
import { HistoryBuilder } from '../../measure/history-builder.ts'
import { historyOf, rowAt } from '../../measure/history-row.ts'
import { ROW_GROUP_ROWS } from './history-encoder.ts'
import { writeHistoryFile } from './history-file.ts'
import { HistoryFileWriter, THREAD_ROWS } from './history-file-writer.ts'
import { readRecorded } from './recorded-history.ts'
import { SegmentWriter } from './segment-writer.ts'

/** So many that a thread is worth it, and given row groups while rows are still to come. */
const ROWS = THREAD_ROWS + ROW_GROUP_ROWS

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cacheproof-history-'))
  path = join(folder, 'cell.parquet')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** `late`: the row that comes first completes last. */
function grow(builder: HistoryBuilder, upTo: number, late = false): HistoryColumns {
  const row = { ...rowAt(historyOf([{}]), 0) }
  for (let op = builder.length; op < upTo; op++) {
    builder.append({ ...row, op, fn: op % 7 ? 'get' : `set${op % 5}`, key: op % 1_000, done: late && op === 0 ? ROWS * 1_000 : op * 1_000 })
  }
  return builder.view()
}

function bytesInOneGo(columns: HistoryColumns): Buffer {
  const other = join(folder, 'other', 'cell.parquet')
  writeHistoryFile(other, columns)
  return readFileSync(other)
}

describe('a history written as it comes', () => {
  it('is, byte for byte, the one written in one go', async () => {
    const builder = new HistoryBuilder()
    const writer = new HistoryFileWriter(path)
    for (const upTo of [10, ROW_GROUP_ROWS + 1, THREAD_ROWS, THREAD_ROWS + ROW_GROUP_ROWS / 2, ROWS]) writer.offer(grow(builder, upTo))
    const columns = builder.view()
    await writer.finish(columns, true)
    expect(readFileSync(path).equals(bytesInOneGo(columns))).toBe(true)
    await writer.discard()
    expect(readdirSync(folder).sort()).toEqual(['cell.parquet', 'other'])
  })

  it('is begun anew when rows turn out to stand elsewhere', async () => {
    const builder = new HistoryBuilder()
    const writer = new HistoryFileWriter(path)
    writer.offer(grow(builder, ROWS, true))
    const columns = concatHistories([builder.view()])
    expect(columns.op[0]).toBe(1)
    await writer.finish(columns, false)
    expect(readFileSync(path).equals(bytesInOneGo(columns))).toBe(true)
  })

  it('is the same without a thread, for a few rows', async () => {
    const columns = grow(new HistoryBuilder(), 100)
    await new HistoryFileWriter(path).finish(columns, true)
    expect(readFileSync(path).equals(bytesInOneGo(columns))).toBe(true)
  })

  it('is the same in a thread from what instances recorded', async () => {
    const paths = [0, 1].map((instance) => join(folder, `cell.${instance}.segments`))
    const parts = paths.map((path, instance) => {
      const builder = new HistoryBuilder()
      const rows = grow(builder, ROWS / 2 + 1_000 * instance, true)
      rows.instance.fill(instance)
      const writer = new SegmentWriter({ path, failed: ({ message }) => expect.fail(message) })
      writer.write(rows)
      writer.close()
      return rows
    })
    const kept = grow(new HistoryBuilder(), 10)
    const recorded = readRecorded(paths, [kept])
    await new HistoryFileWriter(path).finishRecorded(recorded)
    expect(readFileSync(path).equals(bytesInOneGo(concatHistories([...parts, kept])))).toBe(true)
  })

  it('says so when what was recorded goes away', async () => {
    const segments = join(folder, 'cell.0.segments')
    const writer = new SegmentWriter({ path: segments, failed: ({ message }) => expect.fail(message) })
    writer.write(grow(new HistoryBuilder(), ROWS))
    writer.close()
    const recorded = readRecorded([segments])
    rmSync(segments)
    await expect(new HistoryFileWriter(path).finishRecorded(recorded)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(readdirSync(folder)).toEqual([])
  })

  it('says what the file system says, and leaves nothing half written', async () => {
    mkdirSync(path)
    const columns = grow(new HistoryBuilder(), ROWS)
    const writer = new HistoryFileWriter(path)
    writer.offer(columns)
    await expect(writer.finish(columns, true)).rejects.toMatchObject({ code: 'EISDIR', message: expect.stringContaining(path) })
    expect(readdirSync(folder)).toEqual(['cell.parquet'])
  })

  it('can be given up', async () => {
    const writer = new HistoryFileWriter(path)
    writer.offer(grow(new HistoryBuilder(), ROWS))
    await writer.discard()
    expect(existsSync(path)).toBe(false)
    expect(readdirSync(folder)).toEqual([])
  })
})
