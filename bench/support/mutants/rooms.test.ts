import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ALLOWED_SURVIVORS } from './allowed-survivors.ts'
import { filesMatching } from './files-matching.ts'
import { ROOMS, roomNamed, sourcesOf, testsOf } from './rooms.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

describe('the rooms', () => {
  it.each(ROOMS.map((room) => [room.name, room] as const))('%s: each pattern names files that are there', (_, room) => {
    for (const pattern of room.files) expect(filesMatching(root, pattern), pattern).not.toEqual([])
    const sources = sourcesOf(room, root)
    expect(sources.length).toBeGreaterThan(0)
    expect(sources.filter((file) => /\.(test|contract)\.ts$/.test(file))).toEqual([])
    expect(testsOf(room, root).every((file) => file.endsWith('.test.ts'))).toBe(true)
    expect(testsOf(room, root)).not.toEqual([])
  })

  it('have no file twice', () => {
    const files = ROOMS.flatMap((room) => sourcesOf(room, root))
    expect(files.filter((file, index) => files.indexOf(file) !== index)).toEqual([])
  })

  it('mutate what kills and removes only under tests that pretend to', () => {
    for (const file of testsOf(roomNamed('sweep', root), root)) {
      if (!/run-undo|reaper|process-identity/.test(file)) continue
      expect(readFileSync(join(root, file), 'utf8'), file).toMatch(/vi\.mock\('node:child_process'/)
    }
  })

  it('are all the files that a reason is about', () => {
    const files = new Set(ROOMS.flatMap((room) => sourcesOf(room, root)))
    expect(ALLOWED_SURVIVORS.filter(({ file }) => !files.has(file))).toEqual([])
  })
})

describe('a room that is a path', () => {
  it('is what stands there, with the tests beside it, held to no bar', () => {
    expect(roomNamed('src/workload/load/', root)).toMatchObject({ name: 'src/workload/load', tests: ['src/workload/load/**/*.test.ts'] })
    const one = roomNamed('src/workload/load/share.ts', root)
    expect(one).toEqual({ name: 'src/workload/load/share.ts', files: ['src/workload/load/share.ts'], tests: ['src/workload/load/**/*.test.ts'] })
    expect(testsOf(one, root)).toContain('src/workload/load/shares.test.ts')
  })

  it('leaves out what kills processes or removes files', () => {
    const { files } = roomNamed('src/targets', root)
    expect(files).toContain('src/targets/local/sweep-keys.ts')
    expect(files).not.toContain('src/targets/local/run-undo.ts')
    expect(files).not.toContain('src/targets/local/local-server.ts')
  })

  it.each(['metric', 'src/nowhere', 'test/reaper.test.ts', 'src/../scripts', 'src/chaos/registry.test.ts'])('is not %s', (name) => {
    expect(() => roomNamed(name, root)).toThrow(/there (are|is nothing)/)
  })
})

describe('a pattern of files', () => {
  it.each([
    ['src/report/csv/*.ts', ['csv-line.test.ts', 'csv-line.ts', 'render-summary-csv.test.ts', 'render-summary-csv.ts']],
    ['src/report/csv/csv-*.ts', ['csv-line.test.ts', 'csv-line.ts']],
    ['src/report/csv/**/*-csv.ts', ['render-summary-csv.ts']],
    ['src/report/csv/csv-line.ts', ['csv-line.ts']],
    ['src/report/csv/nothing.ts', []],
    ['src/report/nowhere/*.ts', []],
  ])('%s', (pattern, names) => {
    expect(filesMatching(root, pattern)).toEqual(names.map((name) => `src/report/csv/${name}`))
  })

  it('goes down with two stars only', () => {
    expect(filesMatching(root, 'src/report/*.ts')).toContain('src/report/write-report.ts')
    expect(filesMatching(root, 'src/report/*.ts')).not.toContain('src/report/csv/csv-line.ts')
    expect(filesMatching(root, 'src/report/**/*.ts')).toEqual(expect.arrayContaining(['src/report/write-report.ts', 'src/report/csv/csv-line.ts']))
  })
})
