import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { concatHistories } from '../../measure/concat-histories.ts'
import type { HistoryColumns } from '../../measure/history.ts'
import { HistoryBuilder } from '../../measure/history-builder.ts'
import { SECOND } from '../../runtime/runtime.ts'
import type { Workload } from '../../workload/workload.ts'
import { HistoryFileWriter } from '../history/history-file-writer.ts'
import { historyFileOf, segmentFileOf } from '../history/history-paths.ts'
import { readUnfinishedIntents, removeIntents } from '../history/intents.ts'
import { readSegmentFiles } from '../history/segment-reader.ts'
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
  /** All rows, in order of completion. Undefined when the level is off. Call once. */
  finish(): RowsFinished | undefined
  /** Writes the history file, in a thread when there is much, and removes the segments. Throws what the file system throws. */
  store(finished: RowsFinished): Promise<void>
  /** Leaves no half of a file behind. Does nothing once the history file is written. */
  discard(): Promise<void>
}

export interface RowsFinished {
  readonly columns: HistoryColumns
  readonly torn: number
  /** Segment files that can go once the history file is written. */
  readonly segmentFiles: readonly string[]
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
    return { builder: undefined, flush() {}, segmentFileOf: () => undefined, finish: () => undefined, async store() {}, async discard() {} }
  }
  const builder = new HistoryBuilder(virtual ? rowsExpected(plan.workload) : undefined)
  const historyFile = folder && join(folder.path, historyFileOf(plan.id))
  if (historyFile === undefined) {
    const finish = () => ({ columns: concatHistories([builder.view()]), torn: 0, segmentFiles: [] })
    return { builder, flush() {}, segmentFileOf: () => undefined, finish, async store() {}, async discard() {} }
  }
  const file = new HistoryFileWriter(historyFile)
  const discard = () => file.discard()

  // A run on virtual time that dies is run again in no time: nothing is gained by segments. The file itself is written
  // as the run goes on, since rows come in their final order as long as no instance is killed.
  if (virtual) {
    let offered: HistoryColumns | undefined
    return {
      builder,
      flush: () => file.offer(builder.view()),
      segmentFileOf: () => undefined,
      finish() {
        offered = builder.view()
        return { columns: concatHistories([offered]), torn: 0, segmentFiles: [] }
      },
      store: ({ columns }) => file.finish(columns, columns === offered),
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
  // After a failure what could not be written stays in memory, so that this run's own report is whole.
  const kept: HistoryColumns[] = []
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
      const read = readSegmentFiles(files.filter((path) => existsSync(path)))
      if (builder.length > 0) kept.push(builder.view())
      return { columns: concatHistories([...read.parts, ...kept, readUnfinishedIntents(paths, read.parts)]), torn: read.torn, segmentFiles: files }
    },
    async store({ columns, segmentFiles }) {
      await file.finish(columns, false)
      for (const path of segmentFiles) {
        rmSync(path, { force: true })
        removeIntents(path)
      }
    },
    discard,
  }
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
