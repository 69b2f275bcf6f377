import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { checkOutFolder } from './check-out-folder.ts'

const folder = mkdtempSync(join(tmpdir(), 'cacheproof-out-folder-'))
afterAll(() => rmSync(folder, { recursive: true }))
const run = (name: string, command = `cacheproof run ${name}`) => ({ name, command })
const holding = (content: unknown) => writeFileSync(join(folder, 'run.json'), typeof content === 'string' ? content : JSON.stringify(content))

it('an empty folder, and one that is not there, take any run', () => {
  checkOutFolder(folder, run('a'))
  checkOutFolder(join(folder, 'nowhere'), run('a'))
})

it('a run of the same name is written over, another is not', () => {
  holding(run('cache-aside'))
  checkOutFolder(folder, run('cache-aside', 'cacheproof run cache-aside --seed 9'))
  expect(() => checkOutFolder(folder, run('write-through'))).toThrow(/holds the run "cache-aside", which would be lost/)
})

it('of several workloads, those of the same command', () => {
  holding(run('2-workloads', 'cacheproof run a b'))
  checkOutFolder(folder, run('2-workloads', 'cacheproof run a b'))
  expect(() => checkOutFolder(folder, run('2-workloads', 'cacheproof run a c'))).toThrow('2-workloads')
})

it('what is no run of ours is not written over', () => {
  for (const content of ['{"name":', '[]', { version: 3 }, 'null']) {
    holding(content)
    expect(() => checkOutFolder(folder, run('a'))).toThrow('a run.json that is no run')
  }
})
