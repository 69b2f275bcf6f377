import { startFaults } from '../../chaos/schedule.ts'
import { createOperationRecorder, type OperationRecorder } from '../../measure/operation-recorder.ts'
import type { Cell } from '../../measure/run-result.ts'
import { type Nanos, SECOND } from '../../runtime/runtime.ts'
import { createCrew } from '../instance/create-crew.ts'
import type { Crew } from '../instance/crew.ts'
import { type AuditMeter, NO_AUDIT_READING, startAuditMeter } from './audit-meter.ts'
import type { CellContext } from './cell-context.ts'
import type { CellPlan } from './cell-plan.ts'
import { cleanUpKeys } from './clean-up-keys.ts'
import { emptyCell, NO_TARGET } from './empty-cell.ts'
import { finishCell } from './finish-cell.ts'
import { type OpenCell, openCell } from './open-cell.ts'
import { measuredNanos, type PhaseSchedule, phaseAt, phaseEvents, placePhases } from './phase-schedule.ts'
import { openRows, type Rows } from './rows.ts'

/** Step of the time series. */
export const SERIES_INTERVAL_NANOS = SECOND / 4
/** After the last operation is due, this long for those in flight; then they are unknown. */
const DRAIN_LIMIT_NANOS = 15 * SECOND

/** Runs one cell from opening the target to removing its keys. Throws `TargetError` when the target can't be used. */
export async function runCell(plan: CellPlan, context: CellContext, startedAtNanos: Nanos): Promise<Cell> {
  const run = new CellRun(plan, context)
  const opened = await openCell(plan, context, () => run.breathe())
  try {
    return await run.run(opened, startedAtNanos)
  } finally {
    await opened.close()
  }
}

class CellRun {
  readonly #plan: CellPlan
  readonly #context: CellContext
  readonly #schedule: PhaseSchedule
  #progress: (() => void) | undefined

  constructor(plan: CellPlan, context: CellContext) {
    this.#plan = plan
    this.#context = context
    this.#schedule = placePhases(plan.workload.phases)
  }

  breathe(): void {
    this.#progress?.()
  }

  async run(opened: OpenCell, startedAtNanos: Nanos): Promise<Cell> {
    const plan = this.#plan
    const { folder } = this.#context
    const began = emptyCell(plan, {
      target: opened.target?.description ?? NO_TARGET,
      clientSettings: opened.target?.clientSettings ?? {},
      database: opened.database?.description,
      codePaths: opened.definition.codePaths,
      startedAtNanos,
      instances: plan.workload.instances,
    })
    if (opened.notApplicable !== undefined) return { ...began, notApplicable: opened.notApplicable }
    folder?.journal({ entry: 'cell began', cell: began, workload: began.settings })

    const operations = createOperationRecorder({
      intervalNanos: SERIES_INTERVAL_NANOS,
      classes: opened.definition.classes,
      openLoop: plan.workload.load.kind === 'open',
    })
    const rows = openRows(plan, folder, (text) => this.#context.observer.note?.(text))
    const crew = await createCrew({ plan, context: this.#context, opened, operations, rows, schedule: this.#schedule })
    const meter = opened.runtime.kind === 'real' ? startAuditMeter() : undefined
    try {
      const load = await this.#load(opened, operations, rows, crew)
      const reading = meter?.stop() ?? NO_AUDIT_READING
      await crew.verify()
      await crew.close()
      const columns = await rows.finish()
      const cell = finishCell({
        began,
        columns,
        rows: rows.facts(),
        measured: { classes: operations.classMeasurements(), series: operations.series(load.endedNanos) },
        workload: plan.workload,
        endedNanos: load.endedNanos,
        measuredNanos: measuredNanos(this.#schedule, load.endedNanos),
        events: load.events,
        censored: crew.counts.censored,
        reading,
        ...(load.endedEarly !== undefined && { endedEarly: load.endedEarly }),
        ...(opened.runtime.kind === 'virtual' && { traceHash: opened.runtime.traceHash() }),
      })
      folder?.journal({ entry: 'cell ended', cell })
      return cell
    } finally {
      stopQuietly(meter)
      await crew.close()
      if (opened.target) await cleanUpKeys(opened.target, opened, this.#context, crew.keysOnServer)
    }
  }

  /** The load itself: phases, faults and the kill of an instance, until nothing is in flight. */
  async #load(opened: OpenCell, operations: OperationRecorder, rows: Rows, crew: Crew): Promise<LoadOutcome> {
    const { runtime, target } = opened
    const { workload } = this.#plan
    const { signal, observer } = this.#context
    const schedule = this.#schedule
    await crew.prepare()
    let origin = 0
    let endedNanos = 0
    let endedEarly: string | undefined
    let faultEvents: Cell['events'] = []
    const notes: Cell['events'][number][] = []

    await runtime.run('load', async (task) => {
      origin = runtime.now()
      const at = () => runtime.now() - origin
      const stopEarly = () => {
        endedEarly ??= 'interrupted'
        crew.stop()
      }
      signal.addEventListener('abort', stopEarly)
      const faults =
        target &&
        startFaults(workload.faults, {
          runtime,
          target,
          originNanos: origin,
          measuredFromNanos: schedule.measuredFromNanos,
          allowed: this.#context.faultsAllowed,
          journal: (event) => this.#context.folder?.journal({ entry: 'event', cell: this.#plan.id, event }),
        })
      if (workload.killInstance) {
        const { instance, atNanos } = workload.killInstance
        runtime.after(schedule.measuredFromNanos + atNanos, () => {
          crew.kill(instance)
          notes.push({ kind: 'fault', name: 'kill instance', detail: `instance ${instance}`, startNanos: at() })
        })
      }
      const tick = () => {
        rows.flush()
        if (signal.aborted) stopEarly()
        observer.progress?.({
          plan: this.#plan,
          phase: phaseAt(schedule, at())?.name ?? '',
          atNanos: at(),
          endNanos: schedule.endNanos,
          offeredPerSecond: workload.load.kind === 'open' ? workload.load.ratePerSecond : null,
          ...figuresOfLastSecond(operations, at()),
        })
      }
      this.#progress = runtime.kind === 'virtual' ? tick : undefined
      let ticking = runtime.kind === 'real'
      const again = () => {
        if (!ticking) return
        tick()
        runtime.after(SECOND / 4, again)
      }
      if (ticking) runtime.after(SECOND / 4, again)

      await task.wait<void>('the load to end', (settle) => {
        crew.start(origin + schedule.endNanos, settle)
        runtime.after(schedule.endNanos + DRAIN_LIMIT_NANOS, () => {
          endedEarly ??= 'operations were still under way 15 s after the end; they are counted as unknown'
          crew.abandon()
        })
      })
      endedNanos = Math.min(at(), schedule.endNanos)
      ticking = false
      this.#progress = undefined
      signal.removeEventListener('abort', stopEarly)
      if (faults) faultEvents = await task.wait<Cell['events']>('faults to be undone', (settle) => faults.end(settle))
    })
    rows.flush()
    return {
      endedNanos,
      events: [...phaseEvents(schedule, endedNanos), ...faultEvents, ...notes],
      ...(endedEarly !== undefined && { endedEarly }),
    }
  }
}

interface LoadOutcome {
  readonly endedNanos: Nanos
  readonly events: Cell['events']
  readonly endedEarly?: string
}

function figuresOfLastSecond(operations: OperationRecorder, atNanos: Nanos) {
  const figures = operations.intervalAt(Math.max(0, atNanos - SERIES_INTERVAL_NANOS))
  const reads = figures.hits + figures.misses
  return {
    achievedPerSecond: ((figures.okReads + figures.okWrites) * SECOND) / SERIES_INTERVAL_NANOS,
    p50Nanos: figures.p50Nanos,
    p99Nanos: figures.p99Nanos,
    hitRatio: reads === 0 ? null : figures.hits / reads,
    failed: figures.failed,
    unknown: figures.unknown,
  }
}

function stopQuietly(meter: AuditMeter | undefined): void {
  meter?.stop()
}
