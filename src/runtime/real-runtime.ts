import { type AlarmThread, startAlarmThread } from './alarm-thread.ts'
import { createChance } from './chance.ts'
import { monotonicClock } from './monotonic-clock.ts'
import { MICROSECOND, MILLISECOND, type Nanos, type Runtime } from './runtime.ts'
import { RuntimeTask, type TaskObserver } from './task.ts'
import { TimerHeap } from './timer-heap.ts'

export interface RealRuntime extends Runtime {
  readonly kind: 'real'
  /** Value of the system-wide `hrtime` at which `now()` is 0; hand it to workers so that all share one axis. */
  readonly originHrtime: bigint
  /**
   * Time spent polling for a timer that was not due yet. To Node such a loop looks busy (its utilisation is 1), though
   * anything that came would have been served at once.
   */
  readonly idlePollNanos: Nanos
  /** Drops all timers, and those still to come, so that the process can end. Final. */
  close(): void
}

export interface RealRuntimeOptions {
  readonly seed: number
  readonly originHrtime?: bigint
}

/** Nearer than this the runtime polls: the alarm thread may ring that late. */
const POLL_WITHIN_NANOS = 200 * MICROSECOND
/** The alarm is set for this long before the instant; the rest is polled. */
const ALARM_LEAD_NANOS = 150 * MICROSECOND
/** Nearer than this the alarm thread is asked: a `setTimeout` is only good to a millisecond or two. */
const ALARM_WITHIN_NANOS = 3 * MILLISECOND
/** A runtime that waits for a few timers only is not worth a thread: so many short waits are polled first. */
const WAITS_BEFORE_THREAD = 64

/** A turn of the loop that fired nothing and took no longer did nothing else either. */
const IDLE_TURN_NANOS = 6_000

/** The machine's own time. Timers fire within some 10 us of their instant while the event loop and a core are free. */
export function createRealRuntime(options: RealRuntimeOptions): RealRuntime {
  const originHrtime = options.originHrtime ?? process.hrtime.bigint()
  const heap = new TimerHeap()
  let abort: ((error: unknown) => void) | undefined
  let timeout: NodeJS.Timeout | undefined
  let timeoutDueNanos = 0
  let alarmDueNanos = -1
  let immediate: NodeJS.Immediate | undefined
  let alarm: AlarmThread | undefined
  let shortWaits = 0
  let closed = false
  let idlePollNanos = 0
  let polledAtNanos = 0

  const now = monotonicClock(originHrtime)

  function fireDue(): void {
    immediate = undefined
    // A bound on one turn: what fires may set timers that are due at once, and I/O must not starve.
    const until = now()
    if (heap.peek()! > until) {
      if (until - polledAtNanos < IDLE_TURN_NANOS) idlePollNanos += until - polledAtNanos
      polledAtNanos = until
    }
    for (let due = heap.peek(); due !== undefined && due <= until; due = heap.peek()) heap.pop().fire()
    arm()
  }

  function arm(): void {
    const due = heap.peek()
    if (due === undefined || immediate || closed) return
    const wait = due - now()
    if (wait <= POLL_WITHIN_NANOS || (wait <= ALARM_WITHIN_NANOS && ++shortWaits < WAITS_BEFORE_THREAD)) {
      immediate = setImmediate(fireDue)
      return
    }
    if (wait <= ALARM_WITHIN_NANOS) {
      alarm ??= startAlarmThread(rung)
      if (alarmDueNanos !== due) alarm.set(wait - ALARM_LEAD_NANOS)
      alarmDueNanos = due
    }
    // Also beside an alarm, which does not keep the process alive, and in case it never rings.
    if (timeout && timeoutDueNanos <= due) return
    clearTimeout(timeout)
    timeoutDueNanos = due
    const waitMillis = wait <= ALARM_WITHIN_NANOS ? Math.ceil(wait / MILLISECOND) : Math.floor((wait - 2 * MILLISECOND) / MILLISECOND)
    timeout = setTimeout(rung, Math.min(2 ** 30, waitMillis))
  }

  function rung(): void {
    clearTimeout(timeout)
    timeout = undefined
    if (immediate === undefined) fireDue()
  }

  const observer: TaskObserver = {
    runtime: { after: (delayNanos, fire) => runtime.after(delayNanos, fire) },
    resumed() {},
    ended(task, error, failed) {
      if (task.state === 'killed') return
      if (task.done) task.done(failed ? error : undefined)
      else if (failed && abort) abort(error)
      else if (failed) throw error
    },
  }

  const runtime: RealRuntime = {
    kind: 'real',
    originHrtime,
    get idlePollNanos() {
      return idlePollNanos
    },
    chance: createChance(options.seed),
    wall: { nowMicros: () => Date.now() * 1000 },
    now,
    after(delayNanos, fire) {
      const timer = heap.add(now() + Math.max(0, Math.round(delayNanos)), fire)
      arm()
      return timer
    },
    endOfTurn: (fire) => process.nextTick(fire),
    spawn(name, program, done) {
      const task = new RuntimeTask(name, observer, done)
      task.start(program)
      return task
    },
    run(name, program) {
      return new Promise<void>((resolve, reject) => {
        abort = reject
        const end = (error?: unknown) => {
          abort = undefined
          if (error === undefined) resolve()
          else reject(error)
        }
        runtime.spawn(name, program, end)
      })
    },
    close() {
      closed = true
      alarm?.close()
      clearTimeout(timeout)
      clearImmediate(immediate)
      timeout = undefined
      immediate = undefined
      while (heap.peek() !== undefined) heap.pop()
    },
  }
  return runtime
}
