import { KILLED } from '../../measure/killed.ts'
import type { OperationRecorder } from '../../measure/operation-recorder.ts'
import { replayRows } from '../../measure/replay-history.ts'
import type { RecordedClass } from '../../measure/tally-set.ts'
import type { Nanos } from '../../runtime/runtime.ts'
import type { DueTimes } from '../../workload/load/due-times.ts'
import { type NumbersApart, numbersBelow } from '../../workload/load/numbers-apart.ts'
import type { OperationSketch } from '../load/program.ts'
import type { AppOperation, CellRecorder } from '../record/cell-recorder.ts'
import type { MemberCounts } from './instance-messages.ts'
import { readRemains } from './remains.ts'

/** An instance whose process was killed. */
export interface Dead {
  /** Where its rows are; absent where not all of them are written. */
  readonly segmentFile: string | undefined
  /** What was its own of the operations. */
  readonly indices: readonly NumbersApart[]
  /** It began none from this one on; who had them then is no concern of his. */
  readonly belowIndex: number
  /** What it told last, and how many of its rows had been measured by then. */
  readonly told: MemberCounts
  readonly toldRows: number
  /** Of an instance that is no more: goes where rows go. */
  readonly recorder: CellRecorder
}

export interface DeadOptions {
  readonly operations: OperationRecorder
  readonly classes: readonly RecordedClass[]
  readonly measured: (phase: string) => boolean
  readonly describe: (index: number) => OperationSketch
  /** What is 0 on the cell's axis. */
  readonly originNanos: Nanos
  /** Of an open loop, with the user of each operation. */
  readonly open?: { readonly dues: DueTimes; readonly userOf: (index: number) => number }
  /** Whether calls were written down before they were sent: what left no trace was not sent then. */
  readonly intends: boolean
}

export interface DeadAccount {
  readonly counts: MemberCounts
  /** Operations that stand in no figure, at the most. */
  readonly uncounted: number
}

/**
 * Writes down what a killed instance can't any more, from what it left in its files: measurements that it had not told, what
 * it had under way, which is unknown, and what was due and nobody sent. Afterwards the figures are those that its rows give.
 */
export function accountForDead(dead: Dead, options: DeadOptions): DeadAccount {
  const { belowIndex, told, toldRows, recorder, segmentFile } = dead
  const { operations, open, originNanos } = options
  const own = numbersBelow(dead.indices, belowIndex)
  if (segmentFile === undefined) {
    const known = told.started - told.inFlight + told.censored
    return { counts: { ...told, inFlight: 0 }, uncounted: Math.max(0, own.length - known) }
  }
  const remains = readRemains(segmentFile, belowIndex, toldRows, (rows) => replayRows(rows, operations, options))
  const write = (index: number, fields: Pick<AppOperation, 'user' | 'due' | 'sent' | 'error'>) =>
    recorder.app({ ...NEVER_ENDED, ...options.describe(index), op: index, ...fields })

  let { began, unstarted } = remains
  let uncounted = 0
  for (const index of own) {
    if (remains.recorded[index] === 1) continue
    const trace = remains.unrecorded.get(index)
    const due = open && originNanos + open.dues.of(index)
    if (trace) {
      const sent = originNanos + trace.sent
      write(index, { user: trace.user, due: due ?? sent, sent, error: KILLED })
      began++
    } else if (open && options.intends) {
      write(index, { user: open.userOf(index), due: due!, sent: -1, error: 'unstarted' })
      unstarted++
    } else if (open) {
      // It may have been sent, and if it was, then when it was due at the earliest.
      write(index, { user: open.userOf(index), due: due!, sent: due!, error: KILLED })
      began++
    } else if (!options.intends) uncounted++
  }
  const counts = { ...told, started: began, inFlight: 0, censored: unstarted, lastIndex: Math.max(told.lastIndex, remains.lastIndex) }
  return { counts, uncounted }
}

const NEVER_ENDED = { arg: Number.NaN, ret: Number.NaN, writer: -1, done: -1, status: 'info' } as const
