import type { TimedEvent } from '../measure/run-result.ts'
import { type Nanos, type Runtime, SECOND, type Timer } from '../runtime/runtime.ts'
import type { Target } from '../targets/target.ts'
import type { FaultPlan } from '../workload/fault-plan.ts'
import { checkFaults } from './check-faults.ts'
import type { Undo } from './fault.ts'
import { findFault } from './registry.ts'

export interface FaultScheduleOptions {
  readonly runtime: Runtime
  readonly target: Target
  /** What the events' instants count from. */
  readonly originNanos: Nanos
  /** Since the origin: what the plans' instants count from. */
  readonly measuredFromNanos: Nanos
  /** May faults act on an endpoint that is not ours? */
  readonly allowed: boolean
  /** Told when a fault has begun, and again when it is over. */
  readonly journal?: (event: TimedEvent) => void
}

export interface FaultSchedule {
  /**
   * Undoes what is left and starts nothing more; then calls `settle` with what happened, by start. Idempotent. A
   * fault that can't be undone within 30 s is reported as a note and left.
   */
  end(settle: (events: TimedEvent[]) => void): void
}

const UNDO_LIMIT_NANOS = 30 * SECOND

/** Starts each fault when it is due and undoes it when its time is over. Throws `UsageError` as `checkFaults` does. */
export function startFaults(plans: readonly FaultPlan[], options: FaultScheduleOptions): FaultSchedule {
  checkFaults(plans, options.target, options.allowed)
  const running = plans.map((plan) => new ScheduledFault(plan, options))
  return {
    end(settle) {
      let left = running.length
      const events = () => running.flatMap((fault) => fault.events).sort((a, b) => a.startNanos - b.startNanos)
      if (left === 0) settle([])
      for (const fault of running) {
        fault.end(() => {
          if (--left === 0) settle(events())
        })
      }
    },
  }
}

/** The life of one entry: waiting, begun, over. */
class ScheduledFault {
  readonly events: TimedEvent[] = []
  readonly #plan: FaultPlan
  readonly #options: FaultScheduleOptions
  #timer: Timer | undefined
  #undo: Undo | undefined
  /** Index of the fault's own event; -1 until it has begun. */
  #own = -1
  #ending = false

  constructor(plan: FaultPlan, options: FaultScheduleOptions) {
    this.#plan = plan
    this.#options = options
    const { originNanos, measuredFromNanos, runtime } = options
    const due = originNanos + measuredFromNanos + plan.atNanos
    this.#timer = runtime.after(Math.max(0, due - runtime.now()), () => this.#start())
  }

  end(done: () => void): void {
    this.#ending = true
    this.#timer?.cancel()
    if (this.#undo === undefined) {
      done()
      return
    }
    let told = false
    const tell = () => {
      if (told) return
      told = true
      limit.cancel()
      done()
    }
    const limit = this.#options.runtime.after(UNDO_LIMIT_NANOS, () => {
      this.#note(`could not be undone within ${UNDO_LIMIT_NANOS / SECOND} s`)
      tell()
    })
    this.#undo((error) => {
      if (error !== undefined) this.#note(`could not be undone: ${error.message}`)
      tell()
    })
  }

  #start(): void {
    const { runtime, target } = this.#options
    const { fault: name, on, forNanos } = this.#plan
    const context = { runtime, target, on, over: (error?: Error) => this.#over(error), ...(forNanos === undefined ? {} : { forNanos }) }
    this.#undo = findFault(name)!.start(context, (error) => this.#began(error))
  }

  #began(error: Error | undefined): void {
    if (error !== undefined) {
      this.#note(`could not begin: ${error.message}`)
      return
    }
    const { runtime, journal } = this.#options
    const { fault: name, on, forNanos } = this.#plan
    this.#own = this.events.length
    const event: TimedEvent = { kind: 'fault', name, detail: on, startNanos: this.#now() }
    this.events.push(event)
    journal?.(event)
    if (forNanos !== undefined && !this.#ending) this.#timer = runtime.after(forNanos, () => this.#undo!((failure) => this.#over(failure)))
  }

  /** It ended in its time. What is undone only because the run ends has no end of its own. */
  #over(error: Error | undefined): void {
    const event = this.events[this.#own]
    if (error !== undefined) this.#note(`could not be undone: ${error.message}`)
    else if (event !== undefined && event.endNanos === undefined && !this.#ending) {
      const ended = { ...event, endNanos: this.#now() }
      this.events[this.#own] = ended
      this.#options.journal?.(ended)
    }
  }

  #note(what: string): void {
    const { fault, on } = this.#plan
    const note: TimedEvent = { kind: 'note', name: `${fault} ${on}`, detail: what, startNanos: this.#now() }
    this.events.push(note)
    this.#options.journal?.(note)
  }

  #now(): Nanos {
    return this.#options.runtime.now() - this.#options.originNanos
  }
}
