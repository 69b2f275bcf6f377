import { renameSync, rmdirSync, statSync } from 'node:fs'

/**
 * The WASM build locks a file by making the folder `<file>.lock`; a process killed with -9 inside a transaction
 * leaves it behind, and nobody would ever get the lock again. Transactions here take microseconds, so a lock older
 * than `staleMillis` has no living owner. It is moved away first (atomic, so that of two waiters only one removes
 * it); SQLite then rolls the half-done transaction back from its journal.
 */
export function breakStaleLock(file: string, nowMillis: number, staleMillis: number): boolean {
  const lock = `${file}.lock`
  try {
    if (nowMillis - statSync(lock).mtimeMs < staleMillis) return false
    const aside = `${lock}.stale-${process.pid}`
    renameSync(lock, aside)
    rmdirSync(aside)
    return true
  } catch {
    // Gone in the meantime: its owner lives, or another waiter was faster.
    return false
  }
}
