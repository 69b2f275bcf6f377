import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { columnsOfSource } from '../src/measure/history-source.ts'
import { segmentFileOf } from '../src/run/history/history-paths.ts'
import { finishHistory, loadHistory } from '../src/run/history/load-history.ts'
import { entryFile } from '../src/runtime/entry-file.ts'

const FILE = 'history/cell.parquet'
const ROWS_PER_SEGMENT = 500
const built = (relative: string) => JSON.stringify(pathToFileURL(entryFile(import.meta.url, relative)).href)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cacheproof-kill-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

test('kill -9 loses nothing that was flushed, and what is left becomes a whole history', async () => {
  const path = join(folder, segmentFileOf(FILE, 0))
  const program = `
    import { HistoryBuilder } from ${built('../src/measure/history-builder.ts')}
    import { historyOf, rowAt } from ${built('../src/measure/history-row.ts')}
    import { SegmentWriter } from ${built('../src/run/history/segment-writer.ts')}
    const writer = new SegmentWriter({ path: ${JSON.stringify(path)}, failed: ({ message }) => { throw new Error(message) } })
    const builder = new HistoryBuilder()
    const row = { ...rowAt(historyOf([{}]), 0) }
    let op = 0
    setInterval(() => {
      for (let n = 0; n < ${ROWS_PER_SEGMENT}; n++) builder.append({ ...row, op, done: 1000 * op++ })
      writer.write(builder.view())
      builder.clear()
      console.log(writer.rows)
    }, 1)
  `
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)))
  let told = 0
  for await (const line of createInterface(child.stdout)) {
    told = Number(line)
    if (told >= 20 * ROWS_PER_SEGMENT) child.kill('SIGKILL')
  }
  expect(await ended).toBe('SIGKILL')

  const { source, from } = await loadHistory(folder, FILE)
  const columns = await columnsOfSource(source, ['op'])
  expect(from).toBe('segments')
  expect(columns.length).toBeGreaterThanOrEqual(told)
  expect(columns.length % ROWS_PER_SEGMENT).toBe(0)
  expect([...columns.op]).toEqual(Array.from({ length: columns.length }, (_, op) => op))

  const finished = await finishHistory(folder, FILE)
  expect(finished.source.length).toBe(columns.length)
  expect(readdirSync(join(folder, 'history'))).toEqual(['cell.parquet'])
})
