import { type ChildProcess, spawn } from 'node:child_process'
import { entryFile } from '../../runtime/entry-file.ts'
import type { ReaperMessage, UndoEntry } from './undo-entry.ts'

/**
 * Cleans up after this process even if it dies by `kill -9`: a small detached process that holds the other end of a
 * pipe. What is registered here is undone by it when the pipe ends, in reverse order, unless it was taken back.
 *
 * A line written to the pipe is in the kernel when `register` returns (libuv writes at once while the pipe has
 * room), so the reaper will read it even if we die in the next instant and before it has booted.
 */
export interface Reaper {
  /** Idempotent take-back: the entry was undone by its owner. */
  register(entry: UndoEntry): () => void
}

let shared: ReaperProcess | undefined

/** The one reaper of this process; started on first use. */
export function theReaper(): Reaper {
  shared ??= new ReaperProcess()
  return shared
}

class ReaperProcess implements Reaper {
  private child: ChildProcess | undefined
  private readonly entries = new Map<number, UndoEntry>()
  private lastId = 0

  register(entry: UndoEntry): () => void {
    this.lastId++
    const id = this.lastId
    this.entries.set(id, entry)
    if (this.child === undefined) this.boot()
    else this.send({ add: id, entry })
    return () => {
      if (!this.entries.delete(id)) return
      this.send({ remove: id })
    }
  }

  /** Starts the process and tells it all that is registered. Also after it died: someone may have killed it. */
  private boot(): void {
    const child = spawn(process.execPath, [entryFile(import.meta.url, './reaper-main.ts')], {
      // Its own session: a Ctrl-C at the terminal is for us, not for it.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      // Nothing of our environment (which may hold credentials, or NODE_OPTIONS of a test runner) is needed there.
      env: { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'] },
      cwd: '/',
    })
    this.child = child
    const lost = () => {
      if (this.child === child) this.child = undefined
    }
    child.on('exit', lost)
    child.on('error', lost)
    child.stdin?.on('error', lost)
    child.unref()
    const pipe = child.stdin as unknown as { unref?: () => void }
    pipe.unref?.()
    for (const [id, entry] of this.entries) this.send({ add: id, entry })
  }

  private send(message: ReaperMessage): void {
    this.child?.stdin?.write(`${JSON.stringify(message)}\n`)
  }
}
