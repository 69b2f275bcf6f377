import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makeFolder } from './make-folder.ts'

const folder = mkdtempSync(join(tmpdir(), 'cacheproof-make-folder-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('makes what is missing, and is content with what is there', () => {
  const deep = join(folder, 'a', 'b', 'c')
  makeFolder(deep)
  makeFolder(deep)
  expect(statSync(deep).isDirectory()).toBe(true)
})

test('says what is in the way', () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  expect(() => makeFolder(file)).toThrow('EEXIST')
  expect(() => makeFolder(join(file, 'x', 'y'))).toThrow('ENOTDIR')
})

test.runIf(existsSync('/proc/self'))('comes back where no folder can be made', () => {
  expect(() => makeFolder('/proc/nothing/here')).toThrow('ENOENT')
})
