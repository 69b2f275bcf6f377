import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { workloadOf } from '../../../test/support/virtual-run.ts'
import { prefixOf } from '../../targets/own-prefix.ts'
import type { CellContext } from '../cell/cell-context.ts'
import type { CellPlan } from '../cell/cell-plan.ts'
import { createRunFolder } from '../run-folder.ts'
import type { CellRunner, CellTold } from './cell-runner.ts'

const ROWS = workloadOf(
  '{ name: rows, pattern: cache-aside, keys: { count: 200 }, load: { open: { rate: 500/s } }, phases: [ { warm-up: auto }, { steady: 2s } ] }',
)
const LONG = workloadOf('{ name: long, pattern: cache-aside, load: { open: { rate: 1000/s } }, phases: [ { steady: 60m } ], history: off }')

const planOf = (fields: Partial<CellPlan> = {}): CellPlan => ({
  id: 'rows/engine:redis/wire/0',
  workload: ROWS,
  role: 'measured',
  block: 0,
  targetUrl: 'engine:redis',
  client: 'wire',
  ...fields,
})

/** The conformance suite of every CellRunner. */
export function cellRunnerContract(name: string, create: (context: CellContext) => CellRunner): void {
  describe(`cell runner contract: ${name}`, () => {
    const open = () => {
      const path = mkdtempSync(join(tmpdir(), 'cacheproof-runner-'))
      const interrupt = new AbortController()
      const folder = createRunFolder(path, () => {})
      const runner = create({
        ...{ seed: 7, virtual: true, env: {}, runPrefix: prefixOf('7'), folder, observer: {}, faultsAllowed: false },
        signal: interrupt.signal,
      })
      const heard: string[] = []
      const told: CellTold = {
        journal: ({ entry }) => heard.push(entry),
        note: (text) => heard.push(`note: ${text}`),
        progress: ({ plan }) => heard.push(`progress of ${plan.id}`),
      }
      onTestFinished(async () => {
        await runner.close()
        rmSync(path, { recursive: true })
      })
      return { runner, told, heard, interrupt, path }
    }

    test('gives the cell with its verdicts, its history in the folder, and tells its journal before', async () => {
      const { runner, told, heard, path } = open()
      const { cell, verdicts } = await runner.run(planOf(), 12, told)
      expect(cell).toMatchObject({ id: 'rows/engine:redis/wire/0', startedAtNanos: 12, warmUp: { kind: 'auto' } })
      expect(verdicts.length).toBeGreaterThan(0)
      expect(readFileSync(join(path, cell.history.file!)).subarray(0, 4).toString()).toBe('PAR1')
      expect(heard.filter((one) => !one.startsWith('progress'))).toEqual(['cell began', 'warm-up ends', 'cell ended'])
    })

    test('runs one plan after another, and the first again to the same cell and the same bytes', async () => {
      const { runner, told, path } = open()
      const first = await runner.run(planOf(), 0, told)
      const bytes = readFileSync(join(path, first.cell.history.file!))
      const other = await runner.run(planOf({ id: 'rows/engine:redis/wire/1', block: 1 }), 0, told)
      expect(other.cell.history.hash).not.toBe(first.cell.history.hash)
      const again = await runner.run(planOf(), 0, told)
      expect(JSON.stringify(again)).toBe(JSON.stringify(first))
      expect(readFileSync(join(path, first.cell.history.file!)).equals(bytes)).toBe(true)
    })

    test('rejects with the error of its target, by its name, code and hint', async () => {
      const { runner, told } = open()
      const misspelt = runner.run(planOf({ targetUrl: 'engine:reddis' }), 0, told)
      await expect(misspelt).rejects.toMatchObject({ name: 'UsageError', hint: expect.stringContaining('redis') })
      await expect(runner.run(planOf(), 0, told)).resolves.toHaveProperty('cell')
    })

    test('ends early with Ctrl-C, with what was measured by then', async () => {
      const { runner, told, heard, interrupt } = open()
      const progress = (update: Parameters<CellTold['progress']>[0]) => {
        told.progress(update)
        interrupt.abort()
      }
      const { cell } = await runner.run(planOf({ id: 'long/engine:redis/wire/0', workload: LONG }), 0, { ...told, progress })
      expect(cell.endedEarly).toBe('interrupted')
      expect(cell.durationNanos).toBeLessThan(3600e9)
      expect(heard).toContain('progress of long/engine:redis/wire/0')
    })

    test('may be closed twice, also while it runs', async () => {
      const { runner, told } = open()
      const ended = runner.run(planOf({ id: 'long/engine:redis/wire/0', workload: LONG }), 0, told).then(
        ({ cell }) => cell.endedEarly,
        () => 'rejected',
      )
      await Promise.all([runner.close(), runner.close()])
      expect(await ended).toBeDefined()
    })
  })
}
