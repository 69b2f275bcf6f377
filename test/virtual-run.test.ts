import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { runResultSchema } from '../src/measure/run-result.ts'
import { measuredCell, virtualRun } from './support/virtual-run.ts'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const SUITES = {
  'cache-aside': `
name: rows
pattern: cache-aside
keys: { count: 500 }
load: { open: { rate: 1000/s } }
phases: [ { warm-up: 1s }, { steady: 3s } ]
`,
  'session-store': `
name: sessions
pattern: session-store
with: { active: 60 }
keys: { count: 100 }
load: { open: { rate: 300/s } }
phases: [ { steady: 3s } ]
instances: 3
kill_instance: { instance: 1, at: 1s }
`,
  mix: `
name: mix
pattern: mix
keys: { count: 500 }
load: { closed: { connections: 4, pipeline: 8 } }
phases: [ { steady: 300ms } ]
history: full
`,
  'a killed engine': `
name: killed
pattern: session-store
with: { active: 60 }
keys: { count: 100 }
load: { open: { rate: 300/s } }
phases: [ { steady: 4s } ]
faults: [ { at: 1s, kill: primary, for: 500ms } ]
`,
}

async function runInto(yaml: string, seed: number) {
  const folder = mkdtempSync(join(tmpdir(), 'cacheproof-virtual-'))
  folders.push(folder)
  const finished = await virtualRun([yaml], { folder, seed })
  const cell = measuredCell(finished)
  return {
    cell,
    result: finished.result,
    history: readFileSync(join(folder, cell.history.file!)),
    json: readFileSync(join(folder, 'run.json'), 'utf8'),
  }
}

describe('a run on virtual time', () => {
  test.each(Object.entries(SUITES))('%s: one seed gives one history, byte for byte, and another seed another', async (_, yaml) => {
    const first = await runInto(yaml, 7)
    const second = await runInto(yaml, 7)
    expect(second.history.equals(first.history)).toBe(true)
    expect(second.cell.traceHash).toBe(first.cell.traceHash)
    expect(second.json).toBe(first.json)
    const other = await runInto(yaml, 8)
    expect(other.history.equals(first.history)).toBe(false)
    expect(runResultSchema.parse(JSON.parse(first.json))).toEqual(first.result)
  })

  test('the same bytes in every file and the same words, however many cells run at once', async () => {
    // A closed loop may come to so much that threads are worth it.
    const rows = (name: string) =>
      `{ name: ${name}, pattern: cache-aside, keys: { count: 300 }, load: { open: { rate: 800/s } }, phases: [ { warm-up: auto }, { steady: 1s } ] }`
    const suites = [rows('a'), rows('b'), SUITES.mix.replace('300ms', '50ms'), SUITES['a killed engine']]
    const play = async (workers: number) => {
      const folder = mkdtempSync(join(tmpdir(), 'cacheproof-workers-'))
      folders.push(folder)
      const said: string[] = []
      const { result } = await virtualRun(suites, {
        ...{ folder, workers, blocks: 2 },
        observer: {
          cellBegan: ({ id }, position) => said.push(`${position} ${id}`),
          cellEnded: (_, { id, warmUp }) => said.push(`${id} ${warmUp?.nanos}`),
          note: (text) => said.push(text),
        },
      })
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
      const bytes = files.map(({ parentPath, name }) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(parentPath, name)))
          .digest('hex'),
      ])
      return { said, cells: result.cells.length, files: Object.fromEntries(bytes) }
    }
    const alone = await play(1)
    // A history of each cell, run.json and the journal.
    expect(Object.keys(alone.files)).toHaveLength(alone.cells + 2)
    expect(alone.cells).toBeGreaterThan(2 * suites.length)
    for (const workers of [2, 3]) expect(await play(workers)).toEqual(alone)
  })

  test('a kill of the engine shows as a window without service, with what it cost', async () => {
    const { cell } = await runInto(SUITES['a killed engine'], 7)
    const [recovery] = cell.recovery
    expect(cell.events).toContainEqual(expect.objectContaining({ kind: 'fault', name: 'kill', endNanos: expect.any(Number) }))
    expect(recovery!.readUnavailableNanos).toBeGreaterThan(400e6)
    expect(recovery!.readUnavailableNanos).toBeLessThan(1500e6)
    // The server itself was gone for as long as the fault lasted; the rest is what the client waits for.
    const lasted = recovery!.endNanos! - recovery!.startNanos
    for (const away of [recovery!.serviceReadUnavailableNanos!, recovery!.serviceWriteUnavailableNanos!]) {
      expect(Math.abs(away - lasted)).toBeLessThan(12e6)
      expect(recovery!.readUnavailableNanos).toBeGreaterThan(away)
    }
    expect(recovery!.lostSessions).toBeGreaterThan(0)
    expect(Object.keys(recovery!.errors)).toContain('refused')
  })

  test('without the kill no session is lost', async () => {
    const { cell } = await runInto(SUITES['a killed engine'].replace(/^faults:.*$/m, ''), 7)
    expect(cell.recovery).toEqual([])
    expect(cell).not.toHaveProperty('service')
    expect(cell.sessions!.lostSessions).toBe(0)
  })

  test.each(['mix', 'session-store', 'leaderboard'])('%s: a dead server never looks faster to a closed loop', async (pattern) => {
    const { cell } = await runInto(
      `
name: refused
pattern: ${pattern}
keys: { count: 100 }
load: { closed: { connections: 4, pipeline: 2 } }
phases: [ { steady: 3s } ]
faults: [ { at: 500ms, kill: primary, for: 2s } ]
history: full
`,
      7,
    )
    const failed = cell.classes.reduce((sum, one) => sum + (one.layer === 'app' ? one.fail : 0), 0)
    // Eight strands ask after 10, 20, 40 ... 320 ms: ten times or so in two seconds, and not once for each round trip.
    expect(failed).toBeGreaterThan(8)
    expect(failed).toBeLessThan(8 * 15)
  })
})
