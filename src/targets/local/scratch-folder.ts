import { randomBytes } from 'node:crypto'
import { mkdirSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TargetError } from '../../client/target-error.ts'
import { reason } from '../../runtime/reason.ts'
import { theReaper } from './reaper.ts'
import { removeScratchFolder, SCRATCH_PREFIX } from './run-undo.ts'

/** A private folder below the system's temporary folder that is removed with us, however we end. */
export interface ScratchFolder {
  /** Absolute, without links. */
  readonly path: string
  /** Idempotent. Also kills servers of ours that still run in it. */
  remove(): void
}

function temporaryFolder(): string {
  try {
    return realpathSync(tmpdir())
  } catch (error) {
    throw unusable(error)
  }
}

function unusable(error: unknown): TargetError {
  return new TargetError(
    'TARGET_UNUSABLE',
    `no temporary folder can be made in ${tmpdir()}: ${reason(error)}`,
    'make room there, or set TMPDIR to another folder',
  )
}

/** Throws `TargetError`. `purpose` becomes part of the folder's name: letters, digits, dashes. */
export function createScratchFolder(purpose: string): ScratchFolder {
  const path = join(temporaryFolder(), `${SCRATCH_PREFIX}${purpose}-${randomBytes(6).toString('hex')}`)
  // The name is drawn here and not by mkdtemp so that the reaper knows it before the folder exists.
  const takeBack = theReaper().register({ kind: 'folder', path })
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    takeBack()
    throw unusable(error)
  }
  return {
    path,
    remove() {
      removeScratchFolder(path)
      takeBack()
    },
  }
}
