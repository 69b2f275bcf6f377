import { createOperationRecorder, type OperationRecorder } from '../../measure/operation-recorder.ts'
import type { Cell } from '../../measure/run-result.ts'
import { reason } from '../../runtime/reason.ts'
import type { Nanos } from '../../runtime/runtime.ts'
import { hasFaults } from '../../workload/workload.ts'
import { type Asker, openAsker } from '../cost/open-asker.ts'
import { historyFileOf } from '../history/history-paths.ts'
import { createCrew, keyPrefixOf } from '../instance/create-crew.ts'
import type { Crew } from '../instance/crew.ts'
import type { CellContext } from './cell-context.ts'
import { CellLoad } from './cell-load.ts'
import type { CellPlan } from './cell-plan.ts'
import { emptyCell, NO_TARGET } from './empty-cell.ts'
import { type FinishedCell, finishCell } from './finish-cell.ts'
import { type OpenCell, openCell } from './open-cell.ts'
import { operationsAtMost } from './operations-at-most.ts'
import { measuredNanos, placePhases } from './phase-schedule.ts'
import { type FinishedRows, openRows, type Rows } from './rows.ts'
import { SERIES_INTERVAL_NANOS } from './series-interval.ts'

/** Runs one cell, from opening the target to removing its keys. Throws `TargetError` when the target can't be used. */
export async function runCell(plan: CellPlan, context: CellContext, startedAtNanos: Nanos): Promise<FinishedCell> {
  let breathe = () => {}
  const opened = await openCell(plan, context, () => breathe())
  try {
    const began = beganCell(plan, opened, startedAtNanos)
    if (opened.notApplicable !== undefined) {
      const finished = { cell: { ...began, notApplicable: opened.notApplicable }, verdicts: [] }
      context.folder?.journal({ entry: 'cell ended', ...finished })
      return finished
    }
    context.folder?.journal({ entry: 'cell began', cell: began })
    const operations = createOperationRecorder({
      intervalNanos: SERIES_INTERVAL_NANOS,
      classes: opened.definition.classes,
      openLoop: plan.workload.load.kind === 'open',
      byInterval: hasFaults(plan.workload),
    })
    const note = (text: string) => context.observer.note?.(text)
    const rows = openRows(plan, context.folder, opened.asProcesses, context.virtual, note)
    const removeKeys = claimKeys(plan, context, opened)
    try {
      const finished = await measure({ plan, context, opened, began, operations, rows, onBreathe: (act) => (breathe = act) })
      context.folder?.journal({ entry: 'cell ended', ...finished })
      return finished
    } finally {
      await rows.discard()
      if (removeKeys) await removed(removeKeys(), plan, context.signal, note)
    }
  } finally {
    await opened.close()
  }
}

/** Has what the cell will store removed, also if we die. Undefined where it goes with the server. */
function claimKeys(plan: CellPlan, context: CellContext, { target, definition }: OpenCell): (() => Promise<void>) | undefined {
  const prefix = keyPrefixOf(plan, context)
  const { workload } = plan
  const extent = { keys: workload.keys.count, operations: operationsAtMost(workload) }
  const names = definition.names?.(workload.settings, extent).map(({ stem, count }) => ({ stem: `${prefix}${stem}`, count })) ?? []
  return target?.claimPrefix?.(prefix, names) ?? target?.claimNames?.(names)
}

/** Whoever pressed Ctrl-C waits for no endpoint: what is not removed by then the reaper removes after our end. */
async function removed(removing: Promise<void>, { id }: CellPlan, signal: AbortSignal, note: (text: string) => void): Promise<void> {
  const told = removing.catch((error: unknown) => note(`the keys of ${id} could not be removed (${reason(error)}); each has a time to live`))
  let giveUp = () => {}
  const tooLate = new Promise<void>((resolve) => {
    giveUp = () => void setTimeout(resolve, LEFT_TO_REAPER_MILLIS).unref()
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp)
  })
  await Promise.race([told, tooLate])
  signal.removeEventListener('abort', giveUp)
}

const LEFT_TO_REAPER_MILLIS = 1_000

interface Measuring {
  readonly plan: CellPlan
  readonly context: CellContext
  readonly opened: OpenCell
  readonly began: Cell
  readonly operations: OperationRecorder
  readonly rows: Rows
  readonly onBreathe: (act: () => void) => void
}

async function measure({ plan, context, opened, began, operations, rows, onBreathe }: Measuring): Promise<FinishedCell> {
  const { workload } = plan
  const schedule = placePhases(workload.phases, plan.warmUp?.nanos)
  const load = new CellLoad({ plan, context, opened, operations, rows, schedule })
  onBreathe(() => load.tick())
  const crew = await createCrew({ plan, context, opened, operations, rows, schedule, crashed: (error) => load.crash(error) })
  let asker: Asker | undefined
  try {
    asker = await openAsker(plan, opened)
    await asker?.costs.lookBefore()
    await crew.prepare()
    const filledEntries = workload.phases.some(({ auto }) => auto) ? await crew.fill() : 0
    const outcome = await load.run(crew, asker)
    if (outcome.endedEarly === undefined || !context.signal.aborted) await crew.verify()
    await crew.close()
    const { endedNanos } = outcome
    const settled = outcome.schedule
    const finished = rows.finish()
    // Judged while a thread writes.
    const stored = storeRows(finished, plan, context)
    const judged = await finishCell({
      began,
      load: workload.load,
      history: finished?.source,
      torn: finished?.torn ?? 0,
      historyFile: context.folder && historyFileOf(plan.id),
      operations,
      endedNanos,
      measuredNanos: measuredNanos(settled, endedNanos),
      warmUp: { ...outcome.warmUp, filledEntries },
      events: outcome.events,
      wireTotals: crew.wire,
      meters: crew.meters,
      connections: crew.openConnections,
      ...(outcome.service && { service: outcome.service }),
      ...(outcome.cost && { cost: outcome.cost }),
      ...(outcome.endedEarly !== undefined && { endedEarly: outcome.endedEarly }),
      ...(opened.runtime.kind === 'virtual' && { traceHash: opened.runtime.traceHash() }),
    })
    if (await stored) finished?.removeRecorded()
    return judged
  } finally {
    await closeQuietly(crew)
    await asker?.client.close().catch(() => {})
  }
}

function beganCell(plan: CellPlan, opened: OpenCell, startedAtNanos: Nanos): Cell {
  return emptyCell(plan, {
    target: opened.target?.description ?? NO_TARGET,
    clientSettings: opened.target?.clientSettings ?? {},
    database: opened.database?.description,
    codePaths: opened.definition.codePaths,
    checks: opened.definition.checks,
    startedAtNanos,
    instances: plan.workload.instances,
  })
}

/** When the history file can't be written, the segments stay and the run goes on. Says whether it is. */
async function storeRows(finished: FinishedRows | undefined, plan: CellPlan, context: CellContext): Promise<boolean> {
  if (!finished || !context.folder) return false
  try {
    await finished.store()
    return true
  } catch (error) {
    context.observer.note?.(`the history of ${plan.id} could not be written: ${error instanceof Error ? error.message : String(error)}`)
    return false
  }
}

async function closeQuietly(crew: Crew): Promise<void> {
  await crew.close().catch(() => {})
}
