import type { Span } from '../measure/interval-tallies.ts'
import type { Nanos } from '../runtime/runtime.ts'
import type { LoadTally } from './load-tally.ts'

/** What a process went through from the load's beginning to its end. */
export interface ProcessReading {
  readonly meteredNanos: Nanos
  readonly eventLoopUtilization: number | null
  readonly eventLoopDelayP99Nanos: Nanos | null
  readonly gcPauseNanos: Nanos
  /** User and system time of all its threads. */
  readonly processorNanos: Nanos
  /** When it stood still, by its own clock; on the cell's axis. */
  readonly gaps: readonly Span[]
}

/** A process of the run as its audit is judged: what it read of itself (real time only), and of the load it made. */
export interface ProcessMeter {
  /** Of the application instance; undefined for the run's own process where instances are processes of their own. */
  readonly instance: number | undefined
  readonly reading: ProcessReading | undefined
  readonly load: LoadTally | undefined
}
