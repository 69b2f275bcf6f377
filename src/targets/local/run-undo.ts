import { spawnSync } from 'node:child_process'
import { readdirSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname } from 'node:path'
import { deleteNames } from './delete-names.ts'
import { dropTable } from './drop-table.ts'
import { processStart } from './process-identity.ts'
import { sweepKeys } from './sweep-keys.ts'
import type { UndoEntry } from './undo-entry.ts'

const RUN_TIMEOUT_MILLIS = 10_000

/** Every folder that we make outside the reports starts with this, and only such a folder is ever removed. */
export const SCRATCH_PREFIX = 'cacheproof-'

/**
 * Undoes `entries`, the last first; sweeps come after all others, because an endpoint that no longer answers must
 * not keep our servers alive. One entry that fails does not keep the rest from being undone.
 */
export async function runUndo(entries: readonly UndoEntry[]): Promise<void> {
  const reversed = [...entries].reverse()
  for (const entry of reversed) {
    try {
      if (entry.kind === 'kill') killProcess(entry.pid, entry.start)
      else if (entry.kind === 'folder') removeScratchFolder(entry.path)
      else if (entry.kind === 'run') spawnSync(entry.argv[0]!, entry.argv.slice(1), { stdio: 'ignore', timeout: RUN_TIMEOUT_MILLIS })
    } catch {
      // Nobody is left to tell, and the next entry matters too.
    }
  }
  await Promise.allSettled(
    reversed.map((entry) => {
      if (entry.kind === 'sweep') return sweepKeys(entry.endpoint, entry.prefix, entry.names)
      if (entry.kind === 'drop') return dropTable(entry.server, entry.table)
      return entry.kind === 'names' ? deleteNames(entry.nodes, entry.names) : undefined
    }),
  )
}

/** SIGKILL to the process that started at `start`, and to no other that has its pid now. */
export function killProcess(pid: number, start: string): void {
  if (processStart(pid) !== start) return
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It went away by itself in between.
  }
}

/** Kills the servers that run in the folder, then removes it. Does nothing to a folder that is not a scratch folder. */
export function removeScratchFolder(path: string): void {
  if (!isScratchFolder(path)) return
  for (const pid of serversIn(path)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // Gone already.
    }
  }
  rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })
}

/** Could `createScratchFolder` have made it? Guards removal against any other path, also through `..` and links. */
function isScratchFolder(path: string): boolean {
  try {
    return realpathSync(path) === path && dirname(path) === realpathSync(tmpdir()) && basename(path).startsWith(SCRATCH_PREFIX)
  } catch {
    return false
  }
}

/**
 * Processes that stand in the folder and write their standard output there, as our servers do and a curious
 * person's shell doesn't; none where there is no /proc.
 */
function serversIn(folder: string): number[] {
  if (process.platform !== 'linux') return []
  const inside = (link: string) => {
    const path = readlinkSync(link)
    return path === folder || path.startsWith(`${folder}/`)
  }
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      if (!Number.isInteger(pid) || pid === process.pid) return false
      try {
        return inside(`/proc/${pid}/cwd`) && inside(`/proc/${pid}/fd/1`)
      } catch {
        return false // not ours to look at, or gone
      }
    })
}
