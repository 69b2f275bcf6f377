import { join } from 'node:path'
import type { Comparison } from '../check/comparison/comparison.ts'
import type { RunResult } from '../measure/run-result.ts'
import { writeWhole } from '../run/write-whole.ts'
import { reason } from '../runtime/reason.ts'
import { UsageError } from '../runtime/usage-error.ts'
import { renderSummaryCsv } from './csv/render-summary-csv.ts'
import { renderHtml } from './html/render-html.ts'
import { renderJunit } from './junit/render-junit.ts'
import { renderMarkdown } from './markdown/render-markdown.ts'
import { verdictsOf } from './summary/verdicts-of.ts'

export interface WrittenReport {
  readonly htmlPath?: string
  readonly markdownPath?: string
}

/**
 * Writes index.html, report.md, summary.csv and junit.xml beside run.json; nothing for a run without a folder.
 * `comparison`: of the run where it was made already. Throws
 * `UsageError` when the folder can't be written.
 */
export async function writeReport(
  { result, folder }: { result: RunResult; folder: string | undefined },
  comparison?: Comparison,
): Promise<WrittenReport> {
  if (folder === undefined) return {}
  const htmlPath = join(folder, 'index.html')
  const markdownPath = join(folder, 'report.md')
  try {
    writeWhole(htmlPath, renderHtml(result, comparison))
    writeWhole(markdownPath, renderMarkdown(result, comparison))
    writeWhole(join(folder, 'summary.csv'), renderSummaryCsv(result))
    writeWhole(join(folder, 'junit.xml'), renderJunit(verdictsOf(result), result.name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error
    throw new UsageError(`the report can't be written to ${folder}: ${reason(error)}`, 'free some space, or name another folder with --out')
  }
  return { htmlPath, markdownPath }
}
