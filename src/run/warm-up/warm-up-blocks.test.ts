import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { virtualRun } from '../../../test/support/virtual-run.ts'
import { JOURNAL_FILE, type JournalEntry } from '../run-folder.ts'

const rows = (name: string, extra = '') =>
  `{ name: ${name}, pattern: cache-aside, baseline: true, load: { open: { rate: 1000/s } }, phases: [ { warm-up: auto }, { steady: 2s } ]${extra} }`

test('cells of one comparison warm up equally long, none is run twice for it, and the journal says for how long', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cacheproof-warm-up-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const began: string[] = []
  const { result } = await virtualRun([rows('rows')], { folder, blocks: 2, observer: { cellBegan: ({ id }) => began.push(id) } })

  expect(result.cells.map(({ warmUp }) => warmUp!.nanos)).toEqual(Array(4).fill(result.cells[0]!.warmUp!.nanos))
  expect(result.cells[0]!.warmUp!.nanos % 1e9).toBe(0)
  expect(began).toHaveLength(4)
  // A run that dies in its second block is recovered with the phases that it had.
  const entries = readFileSync(join(folder, JOURNAL_FILE), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as JournalEntry)
  const journalled = entries.flatMap((one) => (one.entry === 'warm-up ends' ? [[one.cell, one.warmUpNanos]] : []))
  expect(Object.fromEntries(journalled)).toEqual(Object.fromEntries(result.cells.map(({ id, warmUp }) => [id, warmUp!.nanos])))
})
