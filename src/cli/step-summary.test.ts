import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { appendStepSummary } from './step-summary.ts'

test('the summary is added where CI asks for it, after what stands there; elsewhere it is not even made', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cacheproof-summary-'))
  try {
    const env = { GITHUB_STEP_SUMMARY: join(folder, 'summary.md') }
    expect(appendStepSummary(env, () => '# one')).toBeUndefined()
    expect(appendStepSummary(env, () => '# two')).toBeUndefined()
    expect(readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8')).toBe('# one\n# two\n')
    expect(appendStepSummary({ GITHUB_STEP_SUMMARY: folder }, () => '# three')).toContain('GITHUB_STEP_SUMMARY')
    const never = () => {
      throw new Error('made')
    }
    expect(appendStepSummary({}, never)).toBeUndefined()
    expect(appendStepSummary({ GITHUB_STEP_SUMMARY: '' }, never)).toBeUndefined()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
