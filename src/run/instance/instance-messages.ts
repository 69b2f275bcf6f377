import type { LoadTally } from '../../check/load-tally.ts'
import type { ProcessReading } from '../../check/process-meter.ts'
import type { TargetError } from '../../client/target-error.ts'
import type { OperationRecorderState } from '../../measure/operation-recorder.ts'
import type { Share } from '../../workload/load/share.ts'
import type { Workload } from '../../workload/workload.ts'
import type { WireTotals } from '../record/wire-totals.ts'
import type { CrewCounts } from './crew.ts'

/**
 * What the run and an instance's process say to each other, over the channel that a forked process has (nothing
 * with a secret in it stands on a command line). Structured clone, so `bigint` and typed arrays pass.
 */
export type ToInstance =
  | { readonly kind: 'prepare'; readonly config: InstanceConfig }
  /** `atHrtime`: the system-wide clock's value that is 0 on the cell's axis. */
  | { readonly kind: 'start'; readonly atHrtime: bigint; readonly warmUpNanos?: number }
  /** How long the `auto` warm-up takes. */
  | { readonly kind: 'settle'; readonly warmUpNanos: number }
  /** What a killed instance left is its own, too. Answered by "took over". */
  | { readonly kind: 'take over'; readonly share: Share }
  | { readonly kind: 'stop' }

export type FromInstance =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unusable'; readonly code: TargetError['code']; readonly message: string; readonly hint: string }
  /** The load begins; so many connections to the cache stand. */
  | { readonly kind: 'began'; readonly openConnections: number }
  /** What was measured since the last message, which is what the rows say that are safe by now: `rows` since the load began. */
  | {
      readonly kind: 'measured'
      readonly state: OperationRecorderState
      readonly rows: number
      readonly counts: MemberCounts
      readonly audit: MemberAudit
    }
  /** What it had measured of the share by then is told. */
  | { readonly kind: 'took over' }
  | { readonly kind: 'drained'; readonly counts: MemberCounts }
  /** A mistake of ours or of a pattern. */
  | { readonly kind: 'crashed'; readonly message: string }
  | { readonly kind: 'note'; readonly text: string }

/** How the process fared: what it read of itself since the load began, and what it tallied of the load since the last message. */
export interface MemberAudit {
  readonly reading: ProcessReading
  readonly load: LoadTally
}

export interface MemberCounts extends CrewCounts {
  /** The highest index that was begun; -1 for none. */
  readonly lastIndex: number
  readonly wire: WireTotals
}

/** Where a process finds the file that it claims operations in, among the files it was given when it was made. */
export const CLAIMS_HANDLE = 4

export interface InstanceConfig {
  readonly workload: Workload
  readonly seed: number
  readonly instance: number
  readonly block: number
  readonly targetUrl: string
  readonly client: string
  /** Names the table that the run has loaded. */
  readonly databasePrefix: string
  readonly databaseUrl?: string
  readonly keyPrefix: string
  /** Where its rows go; absent when the level is off or nothing is written. */
  readonly segmentFile?: string
}
