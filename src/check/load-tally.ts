import type { Nanos } from '../runtime/runtime.ts'

/** What an instance's load loop says of one step of the series, by when operations were due. */
export interface LoadStep {
  /** 0 for the first since the load began. */
  readonly step: number
  /** Operations of its that were due, or would have been. */
  readonly due: number
  readonly began: number
  /** Of `due`: they had to wait, and the target was the reason. */
  readonly excused: number
  /** Of `due`: begun late, or late and never begun, through this process's own doing. */
  readonly late: number
  /** Of `late`: never begun. */
  readonly omitted: number
  /** The longest wait that was this process's own doing. */
  readonly ownLagNanos: Nanos
}

export interface LoadTally {
  /** How long nothing could begin because of the target: at the limit of operations in flight, or refused. */
  readonly excusedNanos: Nanos
  readonly steps: readonly LoadStep[]
}

/** Adds what was told later to what was told before. */
export function addLoadTallies(before: LoadTally | undefined, { excusedNanos, steps }: LoadTally): LoadTally {
  const all = new Map(before?.steps.map((one) => [one.step, one]))
  for (const one of steps) {
    const known = all.get(one.step)
    all.set(
      one.step,
      known === undefined
        ? one
        : {
            step: one.step,
            due: known.due + one.due,
            began: known.began + one.began,
            excused: known.excused + one.excused,
            late: known.late + one.late,
            omitted: known.omitted + one.omitted,
            ownLagNanos: Math.max(known.ownLagNanos, one.ownLagNanos),
          },
    )
  }
  return { excusedNanos: (before?.excusedNanos ?? 0) + excusedNanos, steps: [...all.values()] }
}
