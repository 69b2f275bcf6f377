import type { Nanos } from '../../runtime/runtime.ts'
import type { CellPlan } from '../cell/cell-plan.ts'

/** Around the load of a cell: servers start, rows are loaded, what was stored is read back. */
const AROUND_NANOS = 1.5e9

/** How long these cells take on real time, about: an automatic warm-up mostly ends before its time is up. */
export function timeNeededNanos(plans: readonly CellPlan[]): Nanos {
  return plans.reduce((sum, { workload }) => {
    const load = workload.phases.reduce((all, { auto, durationNanos }) => all + (auto ? durationNanos / 2 : durationNanos), 0)
    return sum + load + AROUND_NANOS
  }, 0)
}
