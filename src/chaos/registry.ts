import type { Fault } from './fault.ts'
import { kill } from './kill.ts'
import { noop } from './noop.ts'
import { restart } from './restart.ts'

/** Every fault there is, in the order in which they are listed. */
export const FAULTS: readonly Fault[] = [noop, kill, restart]

export function findFault(name: string): Fault | undefined {
  return FAULTS.find((fault) => fault.name === name)
}
