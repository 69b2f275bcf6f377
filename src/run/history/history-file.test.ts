import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { concatHistories } from '../../measure/concat-histories.ts'
import { historyArbitrary } from '../../measure/history.arbitrary.contract.ts'
import { HistoryBuilder } from '../../measure/history-builder.ts'
import { historyHash } from '../../measure/history-hash.ts'
import { historyOf, rowAt, rowsOf } from '../../measure/history-row.ts'
import { hashOfSource, historySourceContract } from '../../measure/history-source.contract.ts'
import { columnsOfSource } from '../../measure/history-source.ts'
import { encodeHistoryFile, writeHistoryFile } from './history-file.ts'
import { openHistoryBytes, openHistoryFile } from './history-file-reader.ts'
import { segmentFileOf } from './history-paths.ts'
import { finishHistory, loadHistory } from './load-history.ts'
import { SegmentWriter } from './segment-writer.ts'

const SEED = 20261124
const FILE = 'history/cell.parquet'

const decodeHistoryFile = async (bytes: Uint8Array, name: string) => columnsOfSource(await openHistoryBytes(bytes, name))
const readHistoryFile = async (path: string) => columnsOfSource(await openHistoryFile(path))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cacheproof-history-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

historySourceContract('a history file', async (history) => openHistoryBytes(encodeHistoryFile(history, 64), 'x'), 1_000)

describe('the history file', () => {
  it('brings back every row, in order', async () => {
    await fc.assert(
      fc.asyncProperty(historyArbitrary, async (history) => {
        const back = await decodeHistoryFile(encodeHistoryFile(history), 'x')
        expect(rowsOf(back)).toEqual(rowsOf(history))
        expect(historyHash(back)).toBe(historyHash(history))
      }),
      { seed: SEED, numRuns: 50 },
    )
  })

  it('is the same, byte for byte, for equal rows, whatever their dictionaries and wherever they come from', async () => {
    await fc.assert(
      fc.asyncProperty(historyArbitrary, async (history) => {
        const builder = new HistoryBuilder()
        for (const row of rowsOf(history).reverse()) builder.append(row)
        builder.clear()
        for (const row of rowsOf(history)) builder.append(row)
        const bytes = Buffer.from(encodeHistoryFile(history))
        expect(bytes.equals(encodeHistoryFile(builder.view()))).toBe(true)
        expect(bytes.equals(encodeHistoryFile(await decodeHistoryFile(bytes, 'x')))).toBe(true)
      }),
      { seed: SEED, numRuns: 20 },
    )
  })

  it('goes over more than one row group', async () => {
    const builder = new HistoryBuilder()
    const row = { ...rowAt(historyOf([{}]), 0) }
    for (let op = 0; op < 20_000; op++) builder.append({ ...row, op, fn: op % 7 ? 'get' : 'set', done: op * 1000, arg: op % 3 ? op : Number.NaN })
    const bytes = encodeHistoryFile(builder.view(), 6_000)
    expect(historyHash(await decodeHistoryFile(bytes, 'x'))).toBe(historyHash(builder.view()))
    expect(bytes.length / 20_000).toBeLessThan(12)
  })

  it('is read by any reader of Parquet, with words for codes', async () => {
    const path = join(folder, FILE)
    writeHistoryFile(path, historyOf([{ op: 7, layer: 'cache', fn: 'get', outcome: 'hit', due: 5, sent: 6, done: 9, status: 'ok' }]))
    const [row] = await parquetReadObjects({ file: await asyncBufferFromFile(path) })
    expect(row).toMatchObject({ op: 7n, layer: 'cache', fn: 'get', outcome: 'hit', due: 5n, sent: 6n, done: 9n, status: 'ok', arg: Number.NaN })
  })

  it('reads what the version before wrote, which did not know writers', async () => {
    const columns = await readHistoryFile(fileURLToPath(new URL('../../../test/golden/history-format-1.parquet', import.meta.url)))
    expect(rowsOf(columns)).toEqual(rowsOf(historyOf([{ op: 7, fn: 'read', outcome: 'read hit', ret: 3, sent: 5, done: 9, writer: -1 }])))
  })

  it('leaves nothing half written', () => {
    writeHistoryFile(join(folder, FILE), historyOf([{}]))
    expect(readdirSync(join(folder, 'history'))).toEqual(['cell.parquet'])
    const blocked = join(folder, 'blocked.parquet')
    mkdirSync(blocked)
    expect(() => writeHistoryFile(blocked, historyOf([{}]))).toThrow()
    expect(readdirSync(folder).sort()).toEqual(['blocked.parquet', 'history'])
  })

  it('says what is wrong with a file it can not use', async () => {
    const path = join(folder, 'x.parquet')
    await expect(readHistoryFile(path)).rejects.toMatchObject({ code: 'history-missing', message: expect.stringContaining(path) })
    writeHistoryFile(path, historyOf([{}, {}]))
    truncateSync(path, 100)
    await expect(readHistoryFile(path)).rejects.toMatchObject({ code: 'history-damaged', message: expect.stringContaining(path) })
    writeFileSync(path, 'not Parquet at all')
    await expect(readHistoryFile(path)).rejects.toMatchObject({ code: 'history-damaged' })
    writeFileSync(path, new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'a', data: [1] }] })))
    await expect(readHistoryFile(path)).rejects.toMatchObject({
      code: 'history-foreign',
      message: expect.stringContaining('no history of cacheproof'),
    })
  })

  it('refuses damage with an error of its own', async () => {
    const good = encodeHistoryFile(historyOf(Array.from({ length: 30 }, (_, op) => ({ op, fn: op % 2 ? 'get' : 'set' }))))
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: good.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const damaged = Uint8Array.from(good)
        damaged[at]! ^= flip
        try {
          await decodeHistoryFile(damaged, 'x.parquet')
        } catch (error) {
          expect((error as { code: string }).code).toMatch(/^history-/)
        }
      }),
      { seed: SEED, numRuns: 300 },
    )
  })
})

describe('loadHistory and finishHistory', () => {
  /** What two instances leave behind; the second one is killed in the middle of its last segment. */
  function leaveSegments(): void {
    for (const instance of [0, 1]) {
      const writer = new SegmentWriter({ path: join(folder, segmentFileOf(FILE, instance)), failed: ({ message }) => expect.fail(message) })
      const builder = new HistoryBuilder()
      for (const second of [0, 1]) {
        builder.append({ ...rowAt(historyOf([{}]), 0), op: 2 * second + instance, instance, done: 1000 * (2 * second + instance) })
        writer.write(builder.view())
        builder.clear()
      }
      writer.close()
    }
    const torn = join(folder, segmentFileOf(FILE, 1))
    truncateSync(torn, readFileSync(torn).length - 1)
  }

  it('read the segments of a run that died, and count the torn one', async () => {
    leaveSegments()
    const loaded = await loadHistory(folder, FILE)
    expect(loaded).toMatchObject({ from: 'segments', tornSegments: 1 })
    expect([...(await columnsOfSource(loaded.source)).op]).toEqual([0, 1, 2])
  })

  it('make one file of them, and say the same of it later', async () => {
    leaveSegments()
    const finished = await finishHistory(folder, FILE)
    expect(finished).toMatchObject({ from: 'segments', tornSegments: 1, source: { length: 3 } })
    const columns = await columnsOfSource(finished.source)
    expect(readdirSync(join(folder, 'history'))).toEqual(['cell.parquet'])
    const again = await finishHistory(folder, FILE)
    expect(again).toMatchObject({ from: 'parquet', tornSegments: 0 })
    expect(rowsOf(await columnsOfSource(again.source))).toEqual(rowsOf(concatHistories([columns])))
    expect(await hashOfSource(again.source)).toBe(historyHash(columns))
  })

  it('prefer the whole file to segments that were left beside it', async () => {
    writeHistoryFile(join(folder, FILE), historyOf([{ op: 42 }]))
    leaveSegments()
    expect([...(await columnsOfSource((await loadHistory(folder, FILE)).source)).op]).toEqual([42])
    await finishHistory(folder, FILE)
    expect(existsSync(join(folder, segmentFileOf(FILE, 0)))).toBe(false)
  })

  it('say that there is neither', async () => {
    await expect(loadHistory(folder, FILE)).rejects.toMatchObject({ code: 'history-missing', message: expect.stringContaining(join(folder, FILE)) })
  })
})
