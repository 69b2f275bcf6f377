import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Returns when every thread stands: a signal takes a moment to reach them all, and one may still answer meanwhile. */
export function freezeProcess(pid: number): void {
  process.kill(pid, 'SIGSTOP')
  const threads = `/proc/${pid}/task`
  if (!existsSync(threads)) return
  const stands = (thread: string) => /\) [Tt] /.test(readFileSync(join(threads, thread, 'stat'), 'latin1'))
  for (let look = 0; look < 10_000 && !readdirSync(threads).every(stands); look++) {}
}
