/**
 * Takes the database away in the middle of a run and gives it back, so that a test or a fault can show what a cache
 * does without its system of record. Works on what `modelled-database.ts` wraps.
 */
export interface DatabaseControl {
  readonly available: boolean
  /**
   * From now on calls are refused (`fail`); those under way lose their answer (`info`): what had been committed stays
   * committed, what had not never will be. Idempotent.
   */
  lose(): void
  /** Calls are served again. Idempotent. */
  restore(): void
  /** For the database itself: called at once when it is lost. */
  onLose(listener: () => void): void
}

export function createDatabaseControl(): DatabaseControl {
  const listeners: (() => void)[] = []
  let available = true
  return {
    get available() {
      return available
    },
    lose() {
      if (!available) return
      available = false
      for (const listener of listeners) listener()
    },
    restore() {
      available = true
    },
    onLose(listener) {
      listeners.push(listener)
    },
  }
}
