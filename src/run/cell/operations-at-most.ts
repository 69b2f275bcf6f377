import { SECOND } from '../../runtime/runtime.ts'
import type { Workload } from '../../workload/workload.ts'

/** How many operations a cell may come to. Of a closed loop nobody knows before: more than one process makes. */
export function operationsAtMost({ load, phases }: Workload): number {
  const seconds = phases.reduce((sum, { durationNanos }) => sum + durationNanos / SECOND, 0)
  return Math.ceil((load.kind === 'open' ? load.ratePerSecond : CLOSED_LOOP_PER_SECOND) * (seconds + 1) * ARRIVALS_MARGIN)
}

const CLOSED_LOOP_PER_SECOND = 50_000
/** Random arrivals may be more than their rate says. */
const ARRIVALS_MARGIN = 1.2
