import type { Cell } from '../measure/run-result.ts'
import { MILLISECOND, SECOND } from '../runtime/runtime.ts'
import { quoted, withoutFlag } from './shell-word.ts'

/** Flags that make the run's own command measure for at least this long. */
export function forAtLeast(nanos: number): string {
  return `--duration ${durationWord(nanos)}`
}

/** A run of suites that come with cacheproof, on the target of this cell. */
export function suitesOn(cell: Pick<Cell, 'target'>, ...suites: readonly string[]): string {
  return `cacheproof run ${suites.join(' ')} --target ${quoted(cell.target.label)}`
}

/** What a verdict names as its test, as a whole command: flags are put into the command of the run that lacks them. */
export function wholeCommand(command: string, run: string): string {
  const flag = /^--[a-z-]+/.exec(command)?.[0]
  return flag === undefined ? command : `${withoutFlag(elsewhere(run), flag)} ${command}`
}

/** The run's own command without the folder that it was written to: what was found there is not to be written over. */
export function elsewhere(run: string): string {
  return withoutFlag(run, '--out')
}

/** The longest that a phase may be. */
const LONGEST_SECONDS = 7 * 24 * 3600

/** "90m": whole units, rounded up, as a workload file or a flag takes it. */
function durationWord(nanos: number): string {
  if (nanos <= SECOND) return `${Math.max(1, Math.ceil(nanos / MILLISECOND))}ms`
  const seconds = Math.min(LONGEST_SECONDS, Math.ceil(nanos / SECOND))
  return seconds >= 300 ? `${Math.ceil(seconds / 60)}m` : `${seconds}s`
}
