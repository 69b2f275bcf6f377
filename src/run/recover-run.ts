import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { concludeRun } from '../check/judge.ts'
import { RUN_DIED } from '../check/remeasure.ts'
import type { HistorySource } from '../measure/history-source.ts'
import { replayHistory } from '../measure/replay-history.ts'
import type { Cell, RunResult } from '../measure/run-result.ts'
import { reason } from '../runtime/reason.ts'
import type { Nanos } from '../runtime/runtime.ts'
import { UsageError } from '../runtime/usage-error.ts'
import { findProgram } from '../workload/patterns/registry.ts'
import { hasFaults, type Workload } from '../workload/workload.ts'
import { type FinishedCell, finishCell } from './cell/finish-cell.ts'
import { missingLoad } from './cell/missing-load.ts'
import { measuredNanos, phaseEvents, placePhases } from './cell/phase-schedule.ts'
import { SERIES_INTERVAL_NANOS } from './cell/series-interval.ts'
import { historyFileOf } from './history/history-paths.ts'
import { finishHistory } from './history/load-history.ts'
import { writeRunFile } from './run-file.ts'
import { JOURNAL_FILE, type JournalEntry } from './run-folder.ts'

/**
 * Makes a run out of what one that died left behind: whole cells from the journal, the one under way from its
 * segments, up to the last second. Writes run.json. Throws `UsageError` when the folder holds no run.
 */
export async function recoverRun(folder: string): Promise<RunResult> {
  const { run, planned, began, ended, events, warmUps } = readJournal(folder)
  const notes = [...run.notes]
  const finished: FinishedCell[] = []
  for (const cell of began.values()) {
    finished.push(ended.get(cell.id) ?? (await recoverCell(folder, cell, events.get(cell.id) ?? [], warmUps.get(cell.id), notes)))
  }
  for (const one of ended.values()) if (!began.has(one.cell.id)) finished.push(one)
  const cells = finished.map(({ cell }) => cell)
  const missingCells = planned.filter(({ id }) => !cells.some((cell) => cell.id === id))
  const recovered: RunResult = {
    ...run,
    status: 'recovered',
    cells,
    ...(missingCells.length > 0 && { missingCells }),
    notes: [...notes, 'This run ended before its time; what follows was recovered from what it had written until then.'],
  }
  const verdicts = concludeRun(
    recovered,
    finished.flatMap((one) => one.verdicts),
  )
  const judged = { ...recovered, verdicts: verdicts as RunResult['verdicts'] }
  writeRunFile(folder, judged)
  return judged
}

async function recoverCell(
  folder: string,
  began: Cell,
  events: Cell['events'],
  warmUpNanos: number | undefined,
  notes: string[],
): Promise<FinishedCell> {
  const workload = began.settings as Workload
  const file = historyFileOf(began.id)
  const schedule = placePhases(workload.phases, warmUpNanos)
  const endedEarly = RUN_DIED
  try {
    const { source, tornSegments } = await finishHistory(folder, file)
    const endedNanos = Math.min(await lastInstant(source), schedule.endNanos)
    const operations = await replayHistory(source, {
      intervalNanos: SERIES_INTERVAL_NANOS,
      classes: findProgram(workload.pattern).classes,
      openLoop: workload.load.kind === 'open',
      byInterval: hasFaults(workload),
      measured: (phase) => schedule.phases.some((one) => one.name === phase && !one.warmUp),
      measuredEndNanos: endedNanos,
      died: true,
    })
    return await finishCell({
      began,
      load: workload.load,
      history: source,
      torn: tornSegments,
      historyFile: file,
      operations,
      endedNanos,
      measuredNanos: measuredNanos(schedule, endedNanos),
      events: [...phaseEvents(schedule, endedNanos), ...events],
      meters: [],
      endedEarly,
    })
  } catch (error) {
    notes.push(`${began.id} could not be recovered: ${reason(error)}`)
    const missing = missingLoad(workload, 0)
    return { cell: { ...began, endedEarly, ...(missing && { missing }) }, verdicts: [] }
  }
}

/** When the last thing happened that was recorded. */
async function lastInstant(history: HistorySource): Promise<Nanos> {
  let last = 0
  await history.read(
    ({ length, sent, done }) => {
      for (let row = 0; row < length; row++) last = Math.max(last, done[row]!, sent[row]!)
    },
    ['sent', 'done'],
  )
  return last
}

function readJournal(folder: string) {
  const path = join(folder, JOURNAL_FILE)
  if (!existsSync(path))
    throw new UsageError(`${folder} holds no run: there is neither run.json nor ${JOURNAL_FILE}`, 'expected the folder that "cacheproof run" named')
  let run: RunResult | undefined
  let planned: NonNullable<RunResult['missingCells']> = []
  const began = new Map<string, Cell>()
  const ended = new Map<string, FinishedCell>()
  const events = new Map<string, Cell['events']>()
  const warmUps = new Map<string, number>()
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const entry = parseLine(line)
    if (entry?.entry === 'run') run = entry.run
    else if (entry?.entry === 'plan') planned = entry.cells
    else if (entry?.entry === 'cell began') began.set(entry.cell.id, entry.cell)
    else if (entry?.entry === 'cell ended') ended.set(entry.cell.id, entry)
    else if (entry?.entry === 'warm-up ends') warmUps.set(entry.cell, entry.warmUpNanos)
    else if (entry?.entry === 'event') addEvent(events, entry.cell, entry.event)
  }
  if (!run) throw new UsageError(`${path} holds no beginning of a run`, 'the run died before it had written anything')
  return { run, planned, began, ended, events, warmUps }
}

/** A line cut off by the end of the process is no line. */
function parseLine(line: string): JournalEntry | undefined {
  try {
    return line === '' ? undefined : (JSON.parse(line) as JournalEntry)
  } catch {
    return undefined
  }
}

/** A fault is journalled when it begins and again, whole, when it ends. */
function addEvent(events: Map<string, Cell['events']>, cell: string, event: Cell['events'][number]): void {
  const known = events.get(cell) ?? []
  const same = known.findIndex((one) => one.kind === event.kind && one.name === event.name && one.startNanos === event.startNanos)
  events.set(cell, same < 0 ? [...known, event] : known.map((one, index) => (index === same ? event : one)))
}
