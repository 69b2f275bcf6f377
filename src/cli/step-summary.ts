import { appendFileSync } from 'node:fs'
import { reason } from '../runtime/reason.ts'

/**
 * Where a CI job shows it: GitHub Actions reads Markdown from the file that GITHUB_STEP_SUMMARY names. Says what was wrong
 * where it can't be written, which is no failure of the run.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions#adding-a-job-summary
 */
export function appendStepSummary(env: Readonly<Record<string, string | undefined>>, markdown: () => string): string | undefined {
  const path = env['GITHUB_STEP_SUMMARY']
  if (path === undefined || path === '') return undefined
  try {
    appendFileSync(path, `${markdown()}\n`)
    return undefined
  } catch (error) {
    return `the summary could not be added to GITHUB_STEP_SUMMARY: ${reason(error)}`
  }
}
