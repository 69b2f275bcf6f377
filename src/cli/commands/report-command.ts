import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { comparisonOf } from '../../check/comparison/comparison-of.ts'
import { terminalReport } from '../../report/terminal/terminal-report.ts'
import { writeReport } from '../../report/write-report.ts'
import { judgeAgain } from '../../run/judge-again.ts'
import { recoverRun } from '../../run/recover-run.ts'
import { RUN_FILE, readRunFile } from '../../run/run-file.ts'
import type { ExitCode } from '../exit-code.ts'
import { exitCodeOf } from '../exit-code-of.ts'
import { readPrices } from '../read-prices.ts'

/** Judges a stored run again from its files and writes its report; a run that died is recovered first. */
export async function reportCommand(folder: string, flags: { readonly json?: boolean; readonly price?: string }): Promise<ExitCode> {
  const prices = flags.price === undefined ? undefined : readPrices(flags.price)
  const result = existsSync(join(folder, RUN_FILE)) ? await judgeAgain(folder, readRunFile(folder)) : await recoverRun(folder)
  const comparison = comparisonOf([{ label: result.name, result }], { ...(prices && { prices }) })
  const written = await writeReport({ result, folder }, comparison)
  if (flags.json) process.stdout.write(`${JSON.stringify(result)}\n`)
  else {
    const colour = process.stdout.isTTY === true && !process.env['NO_COLOR']
    process.stdout.write(terminalReport(result, { colour, columns: process.stdout.columns ?? 100, comparison, reportPath: written.htmlPath }))
  }
  return exitCodeOf(result)
}
