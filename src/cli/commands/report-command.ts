import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { terminalReport } from '../../report/terminal/terminal-report.ts'
import { writeReport } from '../../report/write-report.ts'
import { judgeAgain } from '../../run/judge-again.ts'
import { recoverRun } from '../../run/recover-run.ts'
import { RUN_FILE, readRunFile } from '../../run/run-file.ts'
import type { ExitCode } from '../exit-code.ts'
import { exitCodeOf } from '../exit-code-of.ts'

/** Judges a stored run again from its files and writes its report; a run that died is recovered first. */
export async function reportCommand(folder: string, flags: { readonly json?: boolean }): Promise<ExitCode> {
  const result = existsSync(join(folder, RUN_FILE)) ? await judgeAgain(folder, readRunFile(folder)) : await recoverRun(folder)
  const written = await writeReport({ result, folder })
  if (flags.json) process.stdout.write(`${JSON.stringify(result)}\n`)
  else {
    const colour = process.stdout.isTTY === true && !process.env['NO_COLOR']
    process.stdout.write(terminalReport(result, { colour, columns: process.stdout.columns ?? 100, reportPath: written.htmlPath }))
  }
  return exitCodeOf(result)
}
