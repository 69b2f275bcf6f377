import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { METRIC_DEFINITIONS } from '../measure/metrics/catalogue.ts'
import { figureOfCell } from '../measure/metrics/measure-figure.ts'
import { createOperationRecorder } from '../measure/operation-recorder.ts'
import { RUN_SCHEMA_VERSION, type RunResult } from '../measure/run-result.ts'
import { UsageError } from '../runtime/usage-error.ts'
import { judgeAgain } from './judge-again.ts'
import { migrateRun } from './migrate-run.ts'
import { parseRun, RUN_FILE, readRunFile, writeRunFile } from './run-file.ts'

/** A run that the version before wrote, with its histories. */
const VERSION_1 = fileURLToPath(new URL('../../test/golden/run-schema-1', import.meta.url))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cacheproof-run-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** A run with one cell, as small as the schema allows. */
function smallRun(): RunResult {
  const recorder = createOperationRecorder({ intervalNanos: 1e9, classes: [{ name: 'read hit', kind: 'read', cache: 'hit' }] })
  recorder.recordApp(0, 0, 5, 1000, 'ok', '')
  return {
    schemaVersion: RUN_SCHEMA_VERSION,
    name: 'cache-aside',
    status: 'complete',
    tool: { name: 'cacheproof', version: '0.1.0' },
    command: 'cacheproof run',
    seed: 7,
    virtual: true,
    cells: [
      {
        id: 'cache-aside/engine:redis/engine/0',
        workload: 'cache-aside',
        pattern: 'cache-aside',
        role: 'measured',
        block: 0,
        target: {
          url: 'engine:redis',
          label: 'engine:redis',
          engine: 'redis',
          version: '7.0',
          topology: 'single',
          ours: true,
          tls: false,
          evidence: 'modelled',
          settings: {},
        },
        client: 'engine',
        clientSettings: {},
        settings: { pattern: 'cache-aside' },
        settingsHash: 'abc',
        startedAtNanos: 0,
        durationNanos: 1e9,
        measuredNanos: 1e9,
        definitions: METRIC_DEFINITIONS,
        events: [],
        classes: recorder.classMeasurements(1e9),
        series: recorder.series(),
        recovery: [],
        audit: {
          offeredPerSecond: null,
          startedPerSecond: 1,
          scheduleLagP99Nanos: 5,
          eventLoopUtilization: null,
          eventLoopDelayP99Nanos: null,
          gcPauseNanos: null,
          unstarted: 0,
          generatorLimited: false,
          reasons: [],
        },
        codePaths: 3,
        instances: 1,
        history: { level: 'off', rows: 0, tornSegments: 0, hash: '' },
      },
    ],
    verdicts: [],
    notes: ['a note'],
  }
}

/** What `parseRun` says of a document: its message and hint. */
function refusal(text: string): { message: string; hint: string } {
  try {
    parseRun(text, 'some/run.json')
  } catch (error) {
    if (error instanceof UsageError) return { message: error.message, hint: error.hint }
    throw error
  }
  throw new Error('the run was accepted')
}

describe('writeRunFile and readRunFile', () => {
  it('bring a run back as it was, by folder or by file', () => {
    writeRunFile(folder, smallRun())
    expect(readRunFile(folder)).toEqual(smallRun())
    expect(readRunFile(join(folder, RUN_FILE))).toEqual(smallRun())
    expect(readdirSync(folder)).toEqual([RUN_FILE])
  })

  it('leave the run that is there whole when a new one can not be put in its place', () => {
    mkdirSync(join(folder, RUN_FILE))
    expect(() => writeRunFile(folder, smallRun())).toThrow(`the run can't be written to ${join(folder, RUN_FILE)}`)
    expect(readdirSync(folder)).toEqual([RUN_FILE])
  })

  it('say which file is not there', () => {
    expect(() => readRunFile(folder)).toThrow(`the run ${join(folder, RUN_FILE)} can't be read: no such file or folder`)
    expect(() => readRunFile(join(folder, 'nowhere'))).toThrow(`the run ${join(folder, 'nowhere')} can't be read`)
  })

  it('write text that a person can end a line with', () => {
    writeRunFile(folder, smallRun())
    expect(readFileSync(join(folder, RUN_FILE), 'utf8')).toMatch(/}\n$/)
  })
})

describe('parseRun', () => {
  it('names the file and the place of every mistake, up to a few', () => {
    const run = smallRun()
    const broken = { ...run, seed: 'seven', cells: [{ ...run.cells[0], series: { ...run.cells[0]!.series, okReads: [1, null] } }] }
    const { message } = refusal(JSON.stringify(broken))
    expect(message).toContain('some/run.json is no valid run')
    expect(message).toContain('seed: Invalid input: expected number, received string')
    expect(message).toContain('cells[0].series.okReads[1]: Invalid input: expected number, received null')
    expect(refusal('{"schemaVersion":1}').message).toMatch(/and \d+ more$/)
  })

  it('says what is no run at all', () => {
    expect(refusal('{"schemaVersion":1').message).toMatch(/^some\/run\.json is no JSON/)
    expect(refusal('[]').message).toBe('some/run.json: this is no run')
    expect(refusal('{"schemaVersion":"1"}').message).toBe('some/run.json: schemaVersion is "1"')
  })

  it('reads a run of schema version 0, which had no notes', () => {
    const { notes: _, ...older } = JSON.parse(readFileSync(join(VERSION_1, RUN_FILE), 'utf8'))
    writeFileSync(join(folder, RUN_FILE), JSON.stringify({ ...older, schemaVersion: 0 }))
    expect(readRunFile(folder)).toEqual({ ...readRunFile(VERSION_1), notes: [] })
  })

  it('reads a run of schema version 1, whose tallies mean something else', () => {
    const [, cell] = readRunFile(VERSION_1).cells
    expect(cell).toMatchObject({
      definitions: 1,
      wire: { neverReadBytes: expect.any(Number) },
      audit: { startedPerSecond: expect.any(Number), unstarted: 0 },
    })
    expect(cell!.classes.filter(({ cache }) => cache === 'hit').map(({ name }) => name)).toEqual(['read hit', 'read absent hit'])
    expect(figureOfCell(cell!, 'hit_ratio')).toBeGreaterThan(0)
    for (const name of ['rate', 'read.p50', 'errors']) expect(figureOfCell(cell!, name), name).toBeNull()
  })

  it('judges it again by its history, which gives it figures of today', async () => {
    const again = await judgeAgain(VERSION_1, readRunFile(VERSION_1))
    expect(again.notes).toEqual([])
    for (const cell of again.cells) {
      expect(cell.definitions).toBe(METRIC_DEFINITIONS)
      for (const name of ['rate', 'read.p50', 'errors']) expect(figureOfCell(cell, name), name).not.toBeNull()
    }
    expect(again.verdicts.find(({ id }) => id === 'expect/cache_errors')).toMatchObject({ outcome: 'holds' })
  })

  it('sends a run of a later version to the cacheproof that wrote it', () => {
    const { message, hint } = refusal(JSON.stringify({ ...smallRun(), schemaVersion: RUN_SCHEMA_VERSION + 1 }))
    expect(message).toBe(`some/run.json: schemaVersion is ${RUN_SCHEMA_VERSION + 1}, and this cacheproof reads up to ${RUN_SCHEMA_VERSION}`)
    expect(hint).toContain('later cacheproof')
  })
})

describe('migrateRun', () => {
  it('has a step from every older version', () => {
    for (let version = 0; version <= RUN_SCHEMA_VERSION; version++) {
      expect(migrateRun({ schemaVersion: version })).toMatchObject({ ok: true, document: { schemaVersion: RUN_SCHEMA_VERSION } })
    }
  })
})
