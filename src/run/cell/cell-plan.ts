import type { Nanos } from '../../runtime/runtime.ts'
import type { Workload } from '../../workload/workload.ts'

export interface KnownWarmUp {
  readonly nanos: Nanos
  /** `cap`: this cell was not steady by then when it was watched. */
  readonly endedBecause: 'as long as its comparison' | 'cap'
}

/** One thing to run: a workload on a target through a client, in a block. */
export interface CellPlan {
  /** "cache-aside/local:redis/wire/0"; unique in the run. */
  readonly id: string
  readonly workload: Workload
  readonly role: 'measured' | 'baseline'
  /** Of a baseline: the workloads whose load it carries without a cache. */
  readonly baselineOf?: readonly string[]
  readonly block: number
  /** With credentials; never written anywhere. Absent for a baseline, which needs no cache. */
  readonly targetUrl?: string
  readonly client: string
  /** The `auto` warm-up as its comparison found it; absent: until the load is steady, and at least `warmUpAtLeastNanos`. */
  readonly warmUp?: KnownWarmUp
  /** The longest of the cells that this one is compared with. */
  readonly warmUpAtLeastNanos?: Nanos
}
