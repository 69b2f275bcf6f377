import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { processesOf } from '../../support/processes-of.ts'

/** What is still there when no more time is given to it: processes, and what is in the temporary folder. */
export async function leftBehind(temporary: string, withinMillis: number): Promise<readonly string[]> {
  const until = performance.now() + withinMillis
  for (;;) {
    const left = [...processesOf(temporary).map((pid) => `process ${pid}`), ...(existsSync(temporary) ? readdirSync(temporary) : [])]
    if (left.length === 0 || performance.now() > until) return left
    await pause(100)
  }
}

/** The most memory that a process had until now; 0 when it is gone. */
export function peakMebibytes(pid: number): number {
  try {
    return Math.round(Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1024)
  } catch {
    return 0
  }
}
