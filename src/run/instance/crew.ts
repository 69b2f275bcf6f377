import type { ProcessMeter } from '../../check/process-meter.ts'
import type { Nanos } from '../../runtime/runtime.ts'
import type { PhaseSchedule } from '../cell/phase-schedule.ts'
import type { WireTotals } from '../record/wire-totals.ts'

/**
 * The application instances that make a cell's load. Implementations: `in-process-crew.ts` (one instance on real
 * time, any number on virtual time) and `process-crew.ts` (each a child process, so that killing one is killing a
 * process).
 *
 * Life cycle: `prepare` -> `fill`, where the warm-up is `auto` -> `start` -> `stop` or the end -> `account` -> `verify` -> `close`.
 */
export interface Crew {
  /** Fills the database and the cache with what the pattern starts from. Not recorded. */
  prepare(): Promise<void>
  /** Stores in the cache what it would hold in the long run; how many entries, 0 where the pattern can't tell. Not recorded. */
  fill(): Promise<number>
  /**
   * Begins the load and the record of it, for as long as the schedule says. `originNanos`, on the runtime's axis, is 0 on the
   * cell's: `leadNanos` from now. `drained` is called once: every instance has stopped with nothing in flight, or was
   * killed; not before the load's end when all were killed.
   */
  start(originNanos: Nanos, drained: () => void): void
  /** How long before the load `start` is called: so that all instances, wherever they are, begin at one instant. */
  readonly leadNanos: Nanos
  /** The warm-up's end is known: phases and the end of the load are these from now on. None of it has passed. */
  settle(schedule: PhaseSchedule): void
  /** No operation begins after this. Idempotent. */
  stop(): void
  /**
   * Ends an instance where it stands: none of its code runs again. The others take over the operations that are due from
   * then on, and its users; `tookOver` is told once that is decided. Idempotent.
   */
  kill(instance: number, tookOver?: (takeOver: TakeOver) => void): void
  /** Gives up what is still in flight: it becomes unknown. Idempotent. */
  abandon(): void
  /**
   * Writes down what the killed left behind and nobody else knows: measurements they had not told, what they had under way,
   * and what was due and never sent. Once the load has drained. Of whom operations stand in no figure, and how many at the most.
   */
  account(): Promise<readonly Uncounted[]>
  /** Reads back what the checks need. Recorded as probes. */
  verify(): Promise<void>
  readonly counts: CrewCounts
  /**
   * Connections to the cache that stood when the load began: of all instances, and whatever else of ours holds one. 0
   * before the load, and where no cache is used.
   */
  readonly openConnections: number
  /** What each process said of itself and of the load it made, until now or until it was gone. Empty before the load. */
  readonly meters: readonly ProcessMeter[]
  /** Bytes to and from the cache over the measured phases. */
  readonly wire: WireTotals
  /** Ends clients and processes. Idempotent. */
  close(): Promise<void>
}

/** Who has the share of an instance that was killed. */
export interface TakeOver {
  /** Nobody, when all are dead: what is due is never started. */
  readonly heirs: readonly number[]
  /** The first operation that is theirs. */
  readonly fromIndex: number
  /** On the cell's axis. */
  readonly fromNanos: Nanos
}

/** Operations of a killed instance of which nobody wrote down what became of them. */
export interface Uncounted {
  readonly instance: number
  readonly operations: number
}

export interface CrewCounts {
  readonly started: number
  readonly inFlight: number
  readonly censored: number
}

/** Phase of the rows that read back what is there after the load. */
export const VERIFY_PHASE = 'verify'
