import { EXIT } from './exit-code.ts'

export interface Interruptible {
  readonly signal: AbortSignal
  release(): void
}

/**
 * Ctrl-C (or a polite kill) once: the load stops, faults are undone, keys removed, and what was measured is
 * written. Twice: the process ends at once; the reaper cleans up after it.
 */
export function interruptible(): Interruptible {
  const controller = new AbortController()
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted)
    process.stderr.write('\ncacheproof: stopping; the report of what was measured follows (Ctrl-C again to end at once)\n')
    controller.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}
