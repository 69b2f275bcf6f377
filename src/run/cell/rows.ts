import { join } from 'node:path'
import { concatHistories } from '../../measure/concat-histories.ts'
import type { HistoryColumns } from '../../measure/history.ts'
import { HistoryBuilder } from '../../measure/history-builder.ts'
import { type HistorySource, sourceOfColumns } from '../../measure/history-source.ts'
import { SECOND } from '../../runtime/runtime.ts'
import type { Workload } from '../../workload/workload.ts'
import { HistoryFileWriter } from '../history/history-file-writer.ts'
import { historyFileOf, segmentFileOf } from '../history/history-paths.ts'
import { mergeRecorded, readRecorded, removeRecorded } from '../history/recorded-history.ts'
import { SegmentWriter } from '../history/segment-writer.ts'
import type { RunFolder } from '../run-folder.ts'
import type { CellPlan } from './cell-plan.ts'

/** Where the rows of a cell go while it runs: to memory, and with a folder to segments on disk. */
export interface Rows {
  /** What this process records into; absent when the level is off. */
  readonly builder: HistoryBuilder | undefined
  /** Hands what was recorded since the last call to the operating system. Cheap when there is nothing. */
  flush(): void
  /** The segment file of an instance that is a process of its own; absent when nothing is written. */
  segmentFileOf(instance: number): string | undefined
  /** All rows. Undefined when the level is off. Call once, when nobody records any more. */
  finish(): FinishedRows | undefined
  /** Leaves no half of a file behind. Does nothing once the history file is written. */
  discard(): Promise<void>
}

export interface FinishedRows {
  /** In order of completion. Reads what was recorded, until that is removed. */
  readonly source: HistorySource
  /** Segments that could not be read back. */
  readonly torn: number
  /** Writes the history file, in a thread when there is much. Throws what the file system throws. */
  store(): Promise<void>
  /** Removes what the history file was made of: once it is stored and nobody reads the source any more. */
  removeRecorded(): void
}

/** The home process records as the instance after the last: it prepares nothing that is recorded, and verifies. */
export function openRows(
  plan: CellPlan,
  folder: RunFolder | undefined,
  asProcesses: boolean,
  virtual: boolean,
  trouble: (text: string) => void,
): Rows {
  if (plan.workload.historyLevel.kind === 'off') {
    return { builder: undefined, flush() {}, segmentFileOf: () => undefined, finish: () => undefined, async discard() {} }
  }
  const builder = new HistoryBuilder(virtual ? rowsExpected(plan.workload) : undefined)
  const historyFile = folder && join(folder.path, historyFileOf(plan.id))
  if (historyFile === undefined) {
    const finish = () => inMemory(concatHistories([builder.view()]), async () => {})
    return { builder, flush() {}, segmentFileOf: () => undefined, finish, async discard() {} }
  }
  const file = new HistoryFileWriter(historyFile)
  const discard = () => file.discard()

  // A run on virtual time that dies is run again in no time: nothing is gained by segments. The file itself is written
  // as the run goes on, since rows come in their final order as long as no instance is killed.
  if (virtual) {
    return {
      builder,
      flush: () => file.offer(builder.view()),
      segmentFileOf: () => undefined,
      finish() {
        const offered = builder.view()
        const columns = concatHistories([offered])
        return inMemory(columns, () => file.finish(columns, columns === offered))
      },
      discard,
    }
  }

  const own = segmentFileOf(historyFile, asProcesses ? plan.workload.instances : 0)
  const paths = asProcesses ? Array.from({ length: plan.workload.instances }, (_, instance) => segmentFileOf(historyFile, instance)) : []
  let troubled = false
  const writer = new SegmentWriter({
    path: own,
    failed: ({ message }) => {
      troubled = true
      trouble(message)
    },
  })
  const flush = () => {
    if (builder.length === 0 || troubled) return
    writer.write(builder.view())
    if (troubled) return
    builder.clear()
  }
  return {
    builder,
    flush,
    segmentFileOf: (instance) => (asProcesses ? paths[instance] : undefined),
    finish() {
      flush()
      writer.close()
      const files = [own, ...paths]
      // After a failure what could not be written stayed in memory, so that this run's own report is whole.
      const recorded = readRecorded(files, builder.length > 0 ? [builder.view()] : [])
      return {
        source: mergeRecorded(recorded),
        torn: recorded.torn,
        store: () => file.finishRecorded(recorded),
        removeRecorded: () => removeRecorded(files),
      }
    },
    discard,
  }
}

function inMemory(columns: HistoryColumns, store: () => Promise<void>): FinishedRows {
  return { source: sourceOfColumns(columns), torn: 0, store, removeRecorded() {} }
}

const ROWS_PER_OPERATION = 3
/** 400 MB of columns, of which what is not written to is not taken from the machine. */
const MOST_ROWS_EXPECTED = 4_194_304

/** Room for what an open loop will leave, so that columns need not grow; undefined where it can't be told. */
function rowsExpected({ load, phases }: Workload): number | undefined {
  if (load.kind !== 'open') return undefined
  const seconds = phases.reduce((sum, { durationNanos }) => sum + durationNanos, 0) / SECOND
  return Math.min(MOST_ROWS_EXPECTED, Math.ceil(load.ratePerSecond * seconds * ROWS_PER_OPERATION))
}
