// needs: redis-server, memcached
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommand as runWorkloads } from '../src/cli/commands/run-command.ts'
import { figureOfCell } from '../src/measure/metrics/measure-figure.ts'
import type { Cell } from '../src/measure/run-result.ts'
import { readRunFile } from '../src/run/run-file.ts'
import { runCommand } from './support/run-command.ts'

const WORKLOAD = `name: rows
pattern: mix
with: { get: 80% }
keys: { count: 2k }
values: { size: 400B }
load: { closed: { connections: 4 } }
phases: [ { warm-up: 500ms }, { steady: 2500ms } ]
history: off
`

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cacheproof-cost-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function cellOn(target: string): Promise<Cell> {
  const out = join(folder, target.replace(':', '-'))
  const file = join(folder, 'rows.yaml')
  writeFileSync(file, WORKLOAD)
  await runCommand(() => runWorkloads([file], { target: [target], seed: 1, out, quiet: true }))
  return readRunFile(out).cells.find(({ role }) => role === 'measured')!
}

describe('what a server of ours says of itself', () => {
  test.each(['local:redis', 'local:memcached'])('%s: memory for what it holds, and the time of its process', async (target) => {
    const cell = await cellOn(target)
    const { beforeBytes, peakBytes, afterBytes, items, evictions, serverProcessorNanos } = cell.cost!
    expect(items).toBeGreaterThan(1_000)
    expect(peakBytes).toBeGreaterThanOrEqual(afterBytes)
    // Values have 400 bytes.
    expect(afterBytes - beforeBytes).toBeGreaterThan(400 * items)
    expect(afterBytes - beforeBytes).toBeLessThan(2_000 * items)
    expect(figureOfCell(cell, 'bytes_per_item')).toBeCloseTo((afterBytes - beforeBytes) / items, 6)
    expect(figureOfCell(cell, 'memory')).toBe(peakBytes - beforeBytes)
    expect(evictions).toBe(0)
    // It answers as fast as it can, and cannot be busier than all of its threads on all processors.
    expect(serverProcessorNanos).toBeGreaterThan(0)
    expect(serverProcessorNanos).toBeLessThan(8 * cell.measuredNanos)
  })

  test('an embedded engine has memory and no process', async () => {
    const { cost } = await cellOn('engine:redis')
    expect(cost!.peakBytes).toBeGreaterThan(cost!.beforeBytes)
    expect(cost).not.toHaveProperty('serverProcessorNanos')
  })
})
