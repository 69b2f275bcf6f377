import { type FaultSchedule, startFaults } from '../../chaos/schedule.ts'
import { ServiceProbe } from '../../chaos/service-probe.ts'
import type { Client } from '../../client/client.ts'
import { intervalSample } from '../../measure/metrics/interval-sample.ts'
import type { OperationRecorder } from '../../measure/operation-recorder.ts'
import type { Cell, Cost, Service, WarmUp } from '../../measure/run-result.ts'
import { countInWords } from '../../measure/words.ts'
import { MILLISECOND, type Nanos, SECOND, type Timer } from '../../runtime/runtime.ts'
import { readCacheState } from '../../targets/cache-state.ts'
import type { SteadyIndicator } from '../../workload/pattern.ts'
import type { Asker } from '../cost/open-asker.ts'
import { keyPrefixOf } from '../instance/create-crew.ts'
import type { Crew, Uncounted } from '../instance/crew.ts'
import { WarmUpWatch } from '../warm-up/warm-up-watch.ts'
import type { CellContext } from './cell-context.ts'
import type { CellPlan } from './cell-plan.ts'
import { type KillNote, killInWords } from './kill-in-words.ts'
import type { OpenCell } from './open-cell.ts'
import { type PhaseSchedule, phaseAt, phaseEvents, placePhases, warmUpNanosOf } from './phase-schedule.ts'
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
  /** As it turned out. */
  readonly schedule: PhaseSchedule
  readonly warmUp: Omit<WarmUp, 'filledEntries'>
  readonly events: Cell['events']
  /** Where faults strike a server of ours. */
  readonly service?: Service
  readonly cost?: Cost
  readonly endedEarly?: string
}

/** After the last operation is due, this long for those in flight; then they are unknown. */
const DRAIN_LIMIT_NANOS = 15 * SECOND
/** The end of a warm-up is set so far ahead: every instance hears of it before it comes. */
const SETTLE_AHEAD_NANOS = SECOND / 10
/** Rows go to disk and progress is told this often. */
const TICK_NANOS = SECOND / 4
/**
 * Sooner when there are many: a row takes 0.6 us to write, and whatever is due meanwhile waits. At 20,000 operations a
 * second a tick's rows are 6 ms in one piece, which one operation in forty would feel.
 */
const FLUSH_ROWS = 1_000
const LOOK_AT_ROWS_NANOS = 10 * MILLISECOND

/** The load of a cell: its phases, its faults, the kill of an instance, until nothing is in flight any more. */
export class CellLoad {
  readonly #options: CellLoadOptions
  #killNote: KillNote | undefined
  #originNanos: Nanos | undefined
  #endedEarly: string | undefined
  #crashes: unknown[] = []
  #crew: Crew | undefined
  #schedule: PhaseSchedule
  #limit: Timer | undefined
  #faults: FaultSchedule | undefined
  #warmUp: Omit<WarmUp, 'filledEntries'>

  constructor(options: CellLoadOptions) {
    this.#options = options
    this.#schedule = options.schedule
    this.#warmUp = givenWarmUp(options.plan, options.schedule)
  }

  /** A mistake of a pattern or of ours: the load ends, and `run` rejects with it. */
  crash(error: unknown): void {
    this.#crashes.push(error)
    this.#crew?.abandon()
  }

  /** Flushes rows, tells progress, notices Ctrl-C. */
  tick(): void {
    const { plan, context, operations, rows } = this.#options
    const schedule = this.#schedule
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

  /** `asker`: absent where the cache is not ours to be asked. */
  async run(crew: Crew, asker?: Asker): Promise<LoadOutcome> {
    const { opened, context, rows } = this.#options
    const { runtime } = opened
    this.#crew = crew
    if (this.#crashes.length > 0) throw this.#crashes[0]
    let endedNanos = 0
    let cost: Cost | undefined
    let faultEvents: Cell['events'] = []
    const stopEarly = () => this.#stopEarly()
    context.signal.addEventListener('abort', stopEarly)
    const costs = asker?.costs
    const probe = await this.#openProbe()
    await runtime.run('load', async (task) => {
      this.#originNanos = runtime.now() + crew.leadNanos
      probe?.start(this.#originNanos)
      if (this.#schedule.settled) {
        this.#journalWarmUp()
        this.#planWhatHappens()
      } else this.#watchWarmUp(asker?.client)
      costs?.start()
      if (runtime.kind === 'real') {
        this.#tickOn()
        this.#flushOn()
      }
      this.#limitDrain()
      await task.wait<void>('the load to end', (settle) => crew.start(this.#originNanos!, settle))
      this.#limit?.cancel()
      if (costs) await task.wait<void>('what the cache took', (settle) => costs.end(settle))
      endedNanos = Math.min(this.#at(), this.#schedule.endNanos)
      const faults = this.#faults
      if (faults) faultEvents = await task.wait<Cell['events']>('faults to be undone', (settle) => faults.end(settle))
      cost = costs?.cost({
        fromNanos: this.#originNanos! + this.#schedule.measuredFromNanos,
        toNanos: this.#originNanos! + endedNanos,
      })
      this.#originNanos = undefined
    })
    const service = await probe?.stop()
    context.signal.removeEventListener('abort', stopEarly)
    if (this.#crashes.length > 0) throw this.#crashes[0]
    this.#noteUncounted(await crew.account())
    rows.flush()
    return {
      endedNanos,
      schedule: this.#schedule,
      warmUp: this.#warmUp,
      events: [...phaseEvents(this.#schedule, endedNanos), ...faultEvents, ...this.#killEvents()],
      ...(service && { service }),
      ...(cost && { cost }),
      ...(this.#endedEarly !== undefined && { endedEarly: this.#endedEarly }),
    }
  }

  /** Faults and the kill of an instance count from the first measured phase: they are planned when it has a time. */
  #planWhatHappens(): void {
    const { opened, plan, context } = this.#options
    if (opened.target) {
      this.#faults = startFaults(plan.workload.faults, {
        runtime: opened.runtime,
        target: opened.target,
        originNanos: this.#originNanos!,
        measuredFromNanos: this.#schedule.measuredFromNanos,
        allowed: context.faultsAllowed,
        journal: (event) => context.folder?.journal({ entry: 'event', cell: plan.id, event }),
      })
    }
    this.#planInstanceKill(this.#crew!)
  }

  /** Asks the server itself, beside the load, where faults strike one of ours. */
  async #openProbe(): Promise<ServiceProbe | undefined> {
    const { opened, plan, context } = this.#options
    const { target, runtime, family } = opened
    if (!target || plan.workload.faults.length === 0) return undefined
    return await ServiceProbe.open(target, { runtime, family, key: `${keyPrefixOf(plan, context)}service` })
  }

  #watchWarmUp(asker: Client | undefined): void {
    const { opened, operations, plan } = this.#options
    const { runtime, family } = opened
    const watch = new WarmUpWatch({
      indicators: indicatorsOf(opened),
      stepNanos: SERIES_INTERVAL_NANOS,
      atLeastNanos: plan.warmUpAtLeastNanos ?? 0,
      capNanos: warmUpNanosOf(this.#schedule)!,
      aheadNanos: SETTLE_AHEAD_NANOS,
      countsOf: (step) => {
        const { okReads, okWrites, failed, unknown, hits, misses } = operations.stepCounts(step)
        return { operations: okReads + okWrites + failed + unknown, hits, misses }
      },
      readState: (done) => (asker ? readCacheState(asker, family, done) : done(undefined)),
    })
    watch.begin()
    const look = () => {
      if (this.#originNanos === undefined || this.#endedEarly !== undefined) return
      const at = this.#at()
      // Instances that are processes tell what they measured twice a second.
      const decision = watch.look(at, at - (opened.asProcesses ? SECOND : 0))
      if (!decision) {
        runtime.after(SERIES_INTERVAL_NANOS, look)
        return
      }
      // A process that was stopped meanwhile looks late: what has passed is past.
      const nanos = Math.max(decision.endNanos, at + SETTLE_AHEAD_NANOS)
      this.#settle({ kind: 'auto', nanos, endedBecause: decision.endedBecause, indicators: [...decision.indicators] })
    }
    runtime.after(SERIES_INTERVAL_NANOS, look)
  }

  #settle(warmUp: Omit<WarmUp, 'filledEntries'>): void {
    const { plan } = this.#options
    this.#warmUp = warmUp
    this.#schedule = placePhases(plan.workload.phases, warmUp.nanos)
    this.#journalWarmUp()
    this.#crew!.settle(this.#schedule)
    this.#limitDrain()
    this.#planWhatHappens()
  }

  /** What is made of this run, should it die, has to know where its phases were. */
  #journalWarmUp(): void {
    const { plan, context } = this.#options
    if (this.#warmUp.kind === 'auto') context.folder?.journal({ entry: 'warm-up ends', cell: plan.id, warmUpNanos: this.#warmUp.nanos })
  }

  #limitDrain(): void {
    const { runtime } = this.#options.opened
    this.#limit?.cancel()
    this.#limit = runtime.after(this.#originNanos! + this.#schedule.endNanos + DRAIN_LIMIT_NANOS - runtime.now(), () => {
      this.#endedEarly ??= 'operations were still under way 15 s after the end; they count as unknown'
      this.#crew!.abandon()
    })
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

  #flushOn(): void {
    this.#options.opened.runtime.after(LOOK_AT_ROWS_NANOS, () => {
      if (this.#originNanos === undefined) return
      const { rows } = this.#options
      if (rows.builder && rows.builder.length >= FLUSH_ROWS) rows.flush()
      this.#flushOn()
    })
  }

  #planInstanceKill(crew: Crew): void {
    const { plan, opened } = this.#options
    const kill = plan.workload.killInstance
    if (!kill) return
    opened.runtime.after(this.#originNanos! + this.#schedule.measuredFromNanos + kill.atNanos - opened.runtime.now(), () => {
      if (this.#originNanos === undefined) return
      const startNanos = this.#at()
      this.#killNote = { instance: kill.instance, startNanos }
      crew.kill(kill.instance, (takeOver) => {
        this.#killNote = { instance: kill.instance, startNanos, takeOver }
        this.#journalKill()
      })
      this.#journalKill()
    })
  }

  #noteUncounted(all: readonly Uncounted[]): void {
    for (const { instance, operations } of all) {
      if (this.#killNote?.instance === instance) this.#killNote = { ...this.#killNote, uncounted: operations }
      else
        this.#options.context.observer.note?.(
          `application instance ${instance} was ended: up to ${countInWords(operations)} of its operations are in no figure`,
        )
    }
    if (all.length > 0) this.#journalKill()
  }

  /** Again, when more is known: the later entry takes the place of the one before. */
  #journalKill(): void {
    const { plan, context } = this.#options
    for (const event of this.#killEvents()) context.folder?.journal({ entry: 'event', cell: plan.id, event })
  }

  #killEvents(): Cell['events'] {
    const note = this.#killNote
    return note ? [{ kind: 'fault', name: 'kill instance', detail: killInWords(note), startNanos: note.startNanos }] : []
  }
}

function indicatorsOf({ definition }: OpenCell): readonly SteadyIndicator[] {
  return definition.indicators ?? []
}

/** What is known of the warm-up before the load. */
function givenWarmUp(plan: CellPlan, schedule: PhaseSchedule): Omit<WarmUp, 'filledEntries'> {
  const nanos = schedule.phases.reduce((sum, phase) => sum + (phase.warmUp ? phase.durationNanos : 0), 0)
  if (plan.workload.phases.some(({ auto }) => auto)) return { kind: 'auto', nanos, endedBecause: plan.warmUp?.endedBecause ?? 'cap', indicators: [] }
  return nanos > 0
    ? { kind: 'fixed', nanos, endedBecause: 'fixed', indicators: [] }
    : { kind: 'none', nanos: 0, endedBecause: 'none', indicators: [] }
}
