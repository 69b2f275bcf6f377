import type { Missing } from '../../measure/run-result.ts'
import type { Nanos } from '../../runtime/runtime.ts'
import type { Workload } from '../../workload/workload.ts'

/** How much of what a cell was to measure is missing after so much of it; undefined when nothing is. */
export function missingLoad({ phases, load }: Pick<Workload, 'phases' | 'load'>, measuredNanos: Nanos): Missing | undefined {
  const plannedNanos = phases.reduce((sum, phase) => sum + (phase.warmUp ? 0 : phase.durationNanos), 0)
  const nanos = plannedNanos - measuredNanos
  if (nanos <= 0) return undefined
  return { nanos, operations: load.kind === 'open' ? Math.round((load.ratePerSecond * nanos) / 1e9) : null }
}
