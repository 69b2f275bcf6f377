import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../runtime/usage-error.ts'
import { RUN_FILE } from './run-file.ts'

/**
 * A folder that holds another run's result is not written over: hours of measuring would be lost by a slip of the hand.
 * A run of the same name takes the place of the one before, so that a command can be given again. Throws `UsageError`.
 */
export function checkOutFolder(folder: string, run: { readonly name: string; readonly command: string }): void {
  const path = join(folder, RUN_FILE)
  if (!existsSync(path)) return
  const stored = identityIn(path)
  // "2-workloads" may be any two.
  const sameWork = stored?.name === run.name && !/^\d+-workloads$/.test(run.name)
  if (sameWork || (stored !== undefined && stored.command === run.command)) return
  const what = stored === undefined ? 'a run.json that is no run' : `the run "${stored.name}"`
  throw new UsageError(`${folder} holds ${what}, which would be lost`, 'name another folder with --out, or write over it with --force')
}

/** What it is of, whichever version wrote it; undefined: it is no run. */
function identityIn(path: string): { readonly name: unknown; readonly command: unknown } | undefined {
  try {
    const { name, command } = JSON.parse(readFileSync(path, 'utf8')) as { name?: unknown; command?: unknown }
    return typeof name === 'string' ? { name, command } : undefined
  } catch {
    return undefined
  }
}
