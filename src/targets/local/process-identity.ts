import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * When a process started, as text that only this process of this pid has: what tells it from a later process that
 * got the same pid. Undefined when there is no such process.
 *
 * Linux: field 22 of /proc/PID/stat, clock ticks since boot (proc(5)). Elsewhere: what `ps` says.
 */
export function processStart(pid: number): string | undefined {
  if (process.platform !== 'linux') {
    try {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
    } catch {
      return undefined
    }
  }
  const fields = statFields(pid)
  // A zombie holds its pid and start time until its parent reads its exit code, but it is dead.
  if (fields === undefined || fields[0] === 'Z' || fields[0] === 'X') return undefined
  return fields[19]
}

/** Clock ticks a second in /proc, on every Linux that Node.js runs on (USER_HZ). */
const TICKS_PER_SECOND = 100
const UTIME = 11
const STIME = 12

/** Processor time that a process has used, all threads, in nanoseconds, to 10 ms (proc(5), fields 14 and 15). Undefined elsewhere than on Linux, and when there is no such process. */
export function processorNanosOf(pid: number): number | undefined {
  const fields = process.platform === 'linux' ? statFields(pid) : undefined
  return fields && ((Number(fields[UTIME]) + Number(fields[STIME])) * 1e9) / TICKS_PER_SECOND
}

/** The fields of /proc/PID/stat from the third (state) on; the second, the name in brackets, may hold anything. */
function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}
