import { join } from 'node:path'
import { terminalProfile } from '../../report/terminal/terminal-profile.ts'
import { repeatableCommand } from '../../run/repeatable-command.ts'
import { MILLISECOND } from '../../runtime/runtime.ts'
import { UsageError } from '../../runtime/usage-error.ts'
import type { Profile } from '../../validate/profile/profile.ts'
import { profileTargets } from '../../validate/profile/profile-targets.ts'
import { parseDuration } from '../../workload/file/units.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { freshSeed } from '../fresh-seed.ts'
import { interruptible } from '../interruptible.ts'
import type { Output } from '../live-progress.ts'
import { makeOutputFolder, writeOutputFile } from '../output-file.ts'
import { RedrawnLine } from '../redrawn-line.ts'
import { isLive, textOptions } from '../terminal.ts'

export interface ProfileFlags {
  readonly client?: readonly string[]
  readonly time?: string
  readonly seed?: number
  readonly out?: string
  readonly json?: boolean
}

const DEFAULT_TIME_MILLIS = 250

export async function profileCommand(targets: readonly string[], flags: ProfileFlags): Promise<ExitCode> {
  const timeMillis = flags.time === undefined ? DEFAULT_TIME_MILLIS : timeOf(flags.time)
  if (flags.out !== undefined) makeOutputFolder(flags.out)
  const interrupt = interruptible()
  const line = new RedrawnLine(process.stderr as Output)
  const quiet = flags.json === true
  const live = isLive(process.stderr)
  try {
    const profile = await profileTargets({
      targets,
      clients: [...new Set(flags.client ?? ['wire'])],
      timeMillis,
      seed: flags.seed ?? freshSeed(),
      env: process.env,
      command: repeatableCommand(process.argv.slice(2)),
      signal: interrupt.signal,
      observer: {
        round(round, rounds) {
          if (quiet) return
          if (live) line.draw(`round ${round + 1} of ${rounds}`)
          else line.line(`round ${round + 1} of ${rounds}`)
        },
      },
    })
    line.clear()
    const reportPath = flags.out === undefined ? undefined : await writePage(flags.out, profile)
    if (flags.json) process.stdout.write(`${JSON.stringify(profile)}\n`)
    else process.stdout.write(terminalProfile(profile, { ...textOptions(process.stdout), reportPath }))
    return exitCodeOf(profile)
  } finally {
    line.clear()
    interrupt.release()
  }
}

/** A command that a target refuses is an answer; one on which nothing could be measured is none. */
function exitCodeOf({ status, rows }: Profile): ExitCode {
  if (status === 'interrupted') return EXIT.interrupted
  return rows.some(({ results }) => results.some(({ error }) => error === undefined)) ? EXIT.ok : EXIT.inconclusive
}

function timeOf(text: string): number {
  const time = parseDuration(text)
  if (!time.ok)
    throw new UsageError(
      `--time "${text}" is no duration${time.problem.reason === undefined ? '' : `: ${time.problem.reason}`}`,
      `expected ${time.problem.expected}, like ${time.problem.example}`,
    )
  if (time.value < MILLISECOND) throw new UsageError(`--time ${text} is too short to measure anything`, 'at least 1ms; 250ms unless told')
  return time.value / MILLISECOND
}

async function writePage(folder: string, profile: Profile): Promise<string> {
  const { renderProfile } = await import('../../report/profile/render-profile.ts')
  const path = join(folder, 'index.html')
  writeOutputFile(path, renderProfile(profile))
  return path
}
