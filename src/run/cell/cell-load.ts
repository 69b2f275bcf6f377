import { startFaults } from '../../chaos/schedule.ts'
import { intervalSample } from '../../measure/metrics/interval-sample.ts'
import type { OperationRecorder } from '../../measure/operation-recorder.ts'
import type { Cell } from '../../measure/run-result.ts'
import { type Nanos, SECOND } from '../../runtime/runtime.ts'
import type { Crew } from '../instance/crew.ts'
import type { CellContext } from './cell-context.ts'
import type { CellPlan } from './cell-plan.ts'
import type { OpenCell } from './open-cell.ts'
import { type PhaseSchedule, phaseAt, phaseEvents } from './phase-schedule.ts'
import type { Rows } from './rows.ts'
import { SERIES_INTERVAL_NANOS } from './series-interval.ts'

export interface CellLoadOptions {
  readonly plan: CellPlan
  readonly context: CellContext
  readonly opened: OpenCell
  readonly operations: OperationRecorder
  readonly rows: Rows
  readonly schedule: PhaseSchedule
}

export interface LoadOutcome {
  readonly endedNanos: Nanos
  readonly events: Cell['events']
  readonly endedEarly?: string
}

/** After the last operation is due, this long for those in flight; then they are unknown. */
const DRAIN_LIMIT_NANOS = 15 * SECOND
/** Rows go to disk and progress is told this often. */
const TICK_NANOS = SECOND / 4

/** The load of a cell: its phases, its faults, the kill of an instance, until nothing is in flight any more. */
export class CellLoad {
  readonly #options: CellLoadOptions
  readonly #notes: Cell['events'] = []
  #originNanos: Nanos | undefined
  #endedEarly: string | undefined
  #crashes: unknown[] = []
  #crew: Crew | undefined

  constructor(options: CellLoadOptions) {
    this.#options = options
  }

  /** A mistake of a pattern or of ours: the load ends, and `run` rejects with it. */
  crash(error: unknown): void {
    this.#crashes.push(error)
    this.#crew?.abandon()
  }

  /** Flushes rows, tells progress, notices Ctrl-C. */
  tick(): void {
    const { plan, context, operations, rows, schedule } = this.#options
    if (this.#originNanos === undefined) return
    rows.flush()
    if (context.signal.aborted) this.#stopEarly()
    const atNanos = this.#at()
    context.observer.progress?.({
      plan,
      phase: phaseAt(schedule, atNanos)?.name ?? '',
      atNanos,
      endNanos: schedule.endNanos,
      offeredPerSecond: plan.workload.load.kind === 'open' ? plan.workload.load.ratePerSecond : null,
      sample: intervalSample(operations.intervalAt(Math.max(0, atNanos - SERIES_INTERVAL_NANOS)), SERIES_INTERVAL_NANOS),
    })
  }

  async run(crew: Crew): Promise<LoadOutcome> {
    const { opened, plan, context, rows, schedule } = this.#options
    const { runtime, target } = opened
    this.#crew = crew
    if (this.#crashes.length > 0) throw this.#crashes[0]
    let endedNanos = 0
    let faultEvents: Cell['events'] = []
    const stopEarly = () => this.#stopEarly()
    context.signal.addEventListener('abort', stopEarly)
    await runtime.run('load', async (task) => {
      this.#originNanos = runtime.now()
      const faults =
        target &&
        startFaults(plan.workload.faults, {
          runtime,
          target,
          originNanos: this.#originNanos,
          measuredFromNanos: schedule.measuredFromNanos,
          allowed: context.faultsAllowed,
          journal: (event) => context.folder?.journal({ entry: 'event', cell: plan.id, event }),
        })
      this.#planInstanceKill(crew)
      if (runtime.kind === 'real') this.#tickOn()
      const limit = runtime.after(schedule.endNanos + DRAIN_LIMIT_NANOS, () => {
        this.#endedEarly ??= 'operations were still under way 15 s after the end; they count as unknown'
        crew.abandon()
      })
      await task.wait<void>('the load to end', (settle) => crew.start(this.#originNanos! + schedule.endNanos, settle))
      limit.cancel()
      endedNanos = Math.min(this.#at(), schedule.endNanos)
      if (faults) faultEvents = await task.wait<Cell['events']>('faults to be undone', (settle) => faults.end(settle))
      this.#originNanos = undefined
    })
    context.signal.removeEventListener('abort', stopEarly)
    rows.flush()
    if (this.#crashes.length > 0) throw this.#crashes[0]
    return {
      endedNanos,
      events: [...phaseEvents(schedule, endedNanos), ...faultEvents, ...this.#notes],
      ...(this.#endedEarly !== undefined && { endedEarly: this.#endedEarly }),
    }
  }

  #at(): Nanos {
    return this.#options.opened.runtime.now() - this.#originNanos!
  }

  #stopEarly(): void {
    this.#endedEarly ??= 'interrupted'
    this.#crew?.stop()
  }

  #tickOn(): void {
    this.#options.opened.runtime.after(TICK_NANOS, () => {
      if (this.#originNanos === undefined) return
      this.tick()
      this.#tickOn()
    })
  }

  #planInstanceKill(crew: Crew): void {
    const { plan, context, opened, schedule } = this.#options
    const kill = plan.workload.killInstance
    if (!kill) return
    opened.runtime.after(schedule.measuredFromNanos + kill.atNanos, () => {
      if (this.#originNanos === undefined) return
      crew.kill(kill.instance)
      const event = { kind: 'fault', name: 'kill instance', detail: `application instance ${kill.instance}`, startNanos: this.#at() } as const
      this.#notes.push(event)
      context.folder?.journal({ entry: 'event', cell: plan.id, event })
    })
  }
}
