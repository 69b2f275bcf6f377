import { vi } from 'vitest'
import { reportError } from '../../src/cli/report-error.ts'

/** What a command printed and how it ended, without a process of its own. */
export interface CommandOutcome {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command function as the program would, errors told in its way. */
export async function runCommand(command: () => number | Promise<number>): Promise<CommandOutcome> {
  const written = { stdout: '', stderr: '' }
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      written[name] += String(chunk)
      return true
    }),
  )
  try {
    const exitCode = await command()
    return { exitCode, ...written }
  } catch (error) {
    const exitCode = reportError(error, (text) => {
      written.stderr += text
    })
    return { exitCode, ...written }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}
