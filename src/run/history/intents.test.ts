import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HistoryRow } from '../../measure/history.ts'
import { historyOf, rowAt, rowsOf } from '../../measure/history-row.ts'
import { IntentLog, removeIntents, UnfinishedIntents } from './intents.ts'

const ROW = rowAt(historyOf([{}]), 0)

let folder: string
let segments: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cacheproof-intents-'))
  segments = join(folder, 'cell.0.segments')
  file = join(folder, 'cell.0.intents')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const about = (op: number): HistoryRow => ({ ...ROW, op, fn: `set ${op % 3}`, sent: op, due: op, done: -1, status: 'info', error: 'killed' })
const recorded = (ops: readonly number[]) => historyOf(ops.map((op) => ({ op })))
const unfinished = (path = segments) => rowsOf(new UnfinishedIntents([path]).rows())

describe('intents', () => {
  it('are on disk before the call is made, and what was recorded completes them', () => {
    const log = new IntentLog(segments, expect.fail)
    log.begin(about(1))
    expect(unfinished()).toEqual([about(1)])
    log.begin(about(2))
    const intents = new UnfinishedIntents([segments])
    intents.complete(Float64Array.of(1, 77))
    expect(rowsOf(intents.rows())).toEqual([about(2)])
  })

  it('do not pile up: those of recorded calls go, those of calls under way stay, in order', () => {
    const log = new IntentLog(segments, expect.fail)
    let largest = 0
    for (let op = 0; op < 15_000; op += 1_000) {
      const calls = Array.from({ length: 1_000 }, (_, call) => op + call)
      for (const call of calls) log.begin(about(call))
      // One call of each thousand never comes back.
      log.recorded(recorded(calls.filter((call) => call % 1_000 !== 500)))
      largest = Math.max(largest, statSync(file).size)
    }
    expect(largest).toBeLessThan(2_000_000)
    expect(unfinished().filter(({ op }) => op % 1_000 === 500)).toEqual(Array.from({ length: 15 }, (_, thousand) => about(1_000 * thousand + 500)))
    expect(unfinished().length).toBeLessThan(6_000)
    log.close()
    removeIntents(segments)
    expect(readdirSync(folder)).toEqual([])
  })

  it('are whole at every instant: what is there while the file is replaced is what was there before', () => {
    const log = new IntentLog(segments, expect.fail)
    for (let op = 0; op < 4_500; op++) {
      log.begin(about(op))
      if (op % 100 !== 99) continue
      if (op > 3_900) expectKilledHere(op)
      log.recorded(recorded(Array.from({ length: 100 }, (_, back) => op - back)))
    }
    // It was replaced in between.
    expect(unfinished().length).toBeLessThan(500)

    /** The rows of the last hundred calls are in no segment. */
    function expectKilledHere(op: number): void {
      copyFileSync(file, join(folder, 'killed.0.intents'))
      const left = new Set(unfinished(join(folder, 'killed.0.segments')).map((row) => row.op))
      for (let own = op - 99; own <= op; own++) expect(left.has(own)).toBe(true)
    }
  })

  it('are kept as they are where a new file can not be made', () => {
    const problems: string[] = []
    const log = new IntentLog(segments, (problem) => problems.push(problem))
    mkdirSync(`${file}.next`)
    for (let op = 0; op < 6_000; op++) {
      log.begin(about(op))
      if (op % 1_000 === 999) log.recorded(recorded(Array.from({ length: 999 }, (_, back) => op - back)))
    }
    const left = new Set(unfinished().map(({ op }) => op))
    for (let op = 0; op < 6_000; op += 1_000) expect(left.has(op)).toBe(true)
    expect(problems).toEqual([])
    log.close()
    expect(existsSync(file)).toBe(true)
  })
})
