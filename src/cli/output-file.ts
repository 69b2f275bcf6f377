import { writeFileSync } from 'node:fs'
import { makeFolder } from '../run/make-folder.ts'
import { reason } from '../runtime/reason.ts'
import { UsageError } from '../runtime/usage-error.ts'

/** Before anything is measured: a folder that can't be written must not cost a run. Throws `UsageError`. */
export function makeOutputFolder(folder: string): void {
  try {
    makeFolder(folder)
  } catch (error) {
    throw new UsageError(`the folder ${folder} can't be made: ${reason(error)}`, 'name another one with --out')
  }
}

/** Throws `UsageError`. */
export function writeOutputFile(path: string, text: string): void {
  try {
    writeFileSync(path, text)
  } catch (error) {
    throw new UsageError(`${path} can't be written: ${reason(error)}`, 'free some space, or name another place with --out')
  }
}
