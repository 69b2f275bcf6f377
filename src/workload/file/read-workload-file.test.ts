import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readWorkloadFile } from './read-workload-file.ts'
import { FIXTURE_REGISTRY } from './spec-fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'cacheproof-spec-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function refusal(path: string) {
  const read = readWorkloadFile(path, FIXTURE_REGISTRY)
  if (read.ok) throw new Error('taken')
  expect(read.errors).toHaveLength(1)
  expect(read.errors[0]!.source).toBe(path)
  return read.errors[0]!.message
}

describe('reading a workload file', () => {
  it('gives the workload, and remembers where it is from', () => {
    const path = file('a.yaml', 'name: a\npattern: aside\n')
    const read = readWorkloadFile(path, FIXTURE_REGISTRY)
    expect(read.ok && read.workload).toMatchObject({ name: 'a', source: path })
  })

  it('refuses what is not there', () => expect(refusal(join(folder, 'nothing.yaml'))).toBe('there is no such file'))
  it('refuses a folder', () => expect(refusal(folder)).toBe('this is a folder'))
  it('refuses what is no text', () => expect(refusal(file('b.yaml', new Uint8Array([0x6e, 0xff, 0xfe])))).toBe('the file is not text in UTF-8'))
  it('refuses a device, which may never end', () => expect(refusal('/dev/zero')).toBe('this is no plain file'))

  it('refuses a named pipe without waiting for its writer', () => {
    const path = join(folder, 'pipe')
    execFileSync('/usr/bin/env', ['mkfifo', path])
    expect(refusal(path)).toBe('this is no plain file')
  })

  it('refuses a file of a gigabyte by its size, without reading it', () => {
    const path = file('large.yaml', '')
    truncateSync(path, 2 ** 30)
    expect(refusal(path)).toBe('the file has 1073741824 bytes')
  })

  it.skipIf(process.getuid?.() === 0)('refuses what may not be read', () => {
    const path = file('secret.yaml', 'name: a')
    chmodSync(path, 0)
    expect(refusal(path)).toBe('the file may not be read')
  })
})
