import { join } from 'node:path'
import { mergeOutcomes } from '../../measure/verdict.ts'
import { terminalValidation } from '../../report/terminal/terminal-validation.ts'
import { repeatableCommand } from '../../run/repeatable-command.ts'
import { UsageError } from '../../runtime/usage-error.ts'
import { validateTarget } from '../../validate/validate-target.ts'
import type { Validation } from '../../validate/validation.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { freshSeed } from '../fresh-seed.ts'
import { interruptible } from '../interruptible.ts'
import { makeOutputFolder, writeOutputFile } from '../output-file.ts'
import { isLive, textOptions } from '../terminal.ts'
import { createValidationProgress } from '../validation-progress.ts'

export interface ValidateFlags {
  readonly profile?: string
  readonly only?: readonly string[]
  readonly runs?: number
  readonly seed?: number
  readonly path?: string
  readonly allow?: readonly string[]
  readonly out?: string
  readonly json?: boolean
}

/** Some five seconds against a server nearby. */
const DEFAULT_RUNS = 100

export async function validateCommand(target: string, flags: ValidateFlags): Promise<ExitCode> {
  if (flags.path !== undefined && flags.seed === undefined) {
    throw new UsageError('--path replays a sequence of one seed, and there is none', 'add --seed as the failure printed it')
  }
  if (flags.out !== undefined) makeOutputFolder(flags.out)
  const { profile, only, path, allow } = flags
  const interrupt = interruptible()
  const progress = createValidationProgress({ output: process.stderr, quiet: flags.json === true, live: isLive(process.stderr) })
  try {
    const validation = await validateTarget({
      target,
      runs: flags.runs ?? DEFAULT_RUNS,
      seed: flags.seed ?? freshSeed(),
      env: process.env,
      command: repeatableCommand(process.argv.slice(2)),
      signal: interrupt.signal,
      observer: progress,
      ...(profile === undefined ? {} : { profile }),
      ...(only === undefined ? {} : { only }),
      ...(path === undefined ? {} : { path }),
      ...(allow === undefined ? {} : { allow }),
    })
    progress.ended()
    const reportPath = flags.out === undefined ? undefined : await writeReports(flags.out, validation)
    if (flags.json) process.stdout.write(`${JSON.stringify(validation)}\n`)
    else process.stdout.write(terminalValidation(validation, { ...textOptions(process.stdout), reportPath }))
    return exitCodeOf(validation)
  } finally {
    progress.ended()
    interrupt.release()
  }
}

function exitCodeOf({ status, verdicts }: Validation): ExitCode {
  if (status === 'interrupted') return EXIT.interrupted
  const merged = mergeOutcomes(verdicts.map(({ outcome }) => outcome))
  if (merged === 'fails') return EXIT.failed
  return merged === 'unknown' ? EXIT.inconclusive : EXIT.ok
}

async function writeReports(folder: string, validation: Validation): Promise<string> {
  const [{ renderValidation }, { renderJunit }] = await Promise.all([
    import('../../report/validation/render-validation.ts'),
    import('../../report/junit/render-junit.ts'),
  ])
  const title = `${validation.target.label} held against ${validation.profile}`
  const path = join(folder, 'index.html')
  writeOutputFile(path, renderValidation({ ...validation, title }))
  writeOutputFile(join(folder, 'junit.xml'), renderJunit(validation.verdicts, title))
  return path
}
