import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { reportFixture } from '../../test/support/report-fixture.ts'
import { UsageError } from '../runtime/usage-error.ts'
import { writeReport } from './write-report.ts'

const folder = mkdtempSync(join(tmpdir(), 'cacheproof-report-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('writing a report', () => {
  const result = reportFixture({ workloads: ['session-store'], targets: ['local:redis'], seconds: 2 })

  it('puts the page, the Markdown and the figures into the folder', async () => {
    const written = await writeReport({ result, folder })
    expect(readdirSync(folder).sort()).toEqual(['index.html', 'junit.xml', 'report.md', 'summary.csv'])
    expect(readFileSync(written.htmlPath!, 'utf8')).toContain('<!doctype html>')
    expect(readFileSync(written.markdownPath!, 'utf8')).toContain('## cacheproof')
    expect(readFileSync(join(folder, 'junit.xml'), 'utf8')).toContain(`<testsuites name="${result.name}" tests="`)
  })

  it('writes nothing without a folder', async () => {
    expect(await writeReport({ result, folder: undefined })).toEqual({})
  })

  it('says why a folder can not be written', async () => {
    await expect(writeReport({ result, folder: join(folder, 'missing') })).rejects.toThrow(UsageError)
    const blocked = join(folder, 'blocked')
    mkdirSync(join(blocked, 'index.html'), { recursive: true })
    await expect(writeReport({ result, folder: blocked })).rejects.toThrow(/can't be written to .*blocked/)
  })
})
