import { createChance } from './chance.ts'
import { Roster } from './roster.ts'
import { MICROSECOND, type Nanos, type Runtime, type Task, type Timer } from './runtime.ts'
import { RuntimeTask, type TaskObserver } from './task.ts'
import { TimerHeap } from './timer-heap.ts'
import { TraceHash } from './trace-hash.ts'

export interface VirtualRuntime extends Runtime {
  readonly kind: 'virtual'
  /** Sets the time of day; `now()` is not touched. */
  setWall(micros: number): void
  /** Hash of the events so far: equal for equal runs. */
  traceHash(): string
}

export interface VirtualRuntimeOptions {
  readonly seed: number
  /** Time of day at the start, microseconds since the epoch; 2026-01-01T00:00:00Z unless told. */
  readonly wallStartMicros?: number
  /** Called about every 10,000 events, outside of virtual time: the place for progress and for noticing Ctrl-C. */
  readonly breathe?: () => void
}

/** A program awaited something that is not the runtime's: the clock can't know when it will go on. */
export class ForeignAwaitError extends Error {
  constructor(task: RuntimeTask) {
    super(
      `the program "${task.name}" awaits something that is not the runtime's (after "${task.lastLabel}"): on virtual time only calls of the runtime and its clients may be awaited`,
    )
    this.name = 'ForeignAwaitError'
  }
}

/** Nothing is left that could happen, and yet a program waits. */
export class StandstillError extends Error {
  constructor(waiting: readonly RuntimeTask[]) {
    const named = waiting.slice(0, 5).map((task) => `"${task.name}" (waits for "${task.lastLabel}")`)
    super(
      `virtual time stands still: no event is pending, but ${waiting.length} program(s) wait: ${named.join(', ')}${waiting.length > 5 ? ', ...' : ''}`,
    )
    this.name = 'StandstillError'
  }
}

const EVENTS_PER_BREATH = 10_000
const settled = Promise.resolve()

/**
 * Time that jumps from event to event. Between two events the microtask queue is drained: `process.nextTick`
 * queued from a microtask runs only when no microtask is left, and costs a tenth of a `setImmediate`. (The microtask
 * is a reaction to a settled promise: `queueMicrotask` makes an asynchronous resource for each.)
 */
export function createVirtualRuntime(options: VirtualRuntimeOptions): VirtualRuntime {
  const heap = new TimerHeap()
  const trace = new TraceHash()
  const live = new Roster<RuntimeTask>()
  /** The first so many have been resumed by the last event; setting the array's length would make a new one each time. */
  const resumed: RuntimeTask[] = []
  let resumedCount = 0
  let now: Nanos = 0
  let wallOffsetMicros = options.wallStartMicros ?? Date.UTC(2026, 0, 1) * 1000
  let abort: ((error: unknown) => void) | undefined
  /** The first so many have been asked for at the end of this turn. */
  const turnEnds: (() => void)[] = []
  let turnEndCount = 0

  const observer: TaskObserver = {
    runtime: { after },
    resumed(task) {
      resumed[resumedCount++] = task
    },
    ended(task, error, failed) {
      live.delete(task)
      if (task.state === 'killed') return
      if (task.done) task.done(failed ? error : undefined)
      else if (failed) abort?.(error)
    },
  }

  function after(delayNanos: Nanos, fire: () => void, quiet = false): Timer {
    return heap.add(now + Math.max(MICROSECOND, Math.round(delayNanos)), fire, quiet)
  }

  /** One round: what is asked for meanwhile belongs to the next. */
  function endTurn(): void {
    const until = turnEndCount
    try {
      for (let at = 0; at < until; at++) turnEnds[at]!()
    } finally {
      if (turnEndCount > until) turnEnds.copyWithin(0, until, turnEndCount)
      turnEndCount -= until
    }
  }

  function spawn(name: string, program: (task: Task) => Promise<void>, done?: (error?: unknown) => void): Task {
    const task = new RuntimeTask(name, observer, done)
    live.add(task)
    task.start(program)
    return task
  }

  function firstAstray(): RuntimeTask | undefined {
    let astray: RuntimeTask | undefined
    for (let at = 0; at < resumedCount; at++) {
      const task = resumed[at]!
      if (!astray && task.state === 'running' && task.pending === 0) astray = task
    }
    resumedCount = 0
    return astray
  }

  function run(name: string, program: (task: Task) => Promise<void>): Promise<void> {
    if (abort) throw new Error('a virtual runtime runs one program at a time')
    return new Promise<void>((resolve, reject) => {
      let over = false
      let events = 0
      const finish = (end: () => void) => {
        if (over) return
        over = true
        abort = undefined
        end()
      }
      abort = (error) => finish(() => reject(error))
      spawn(name, program, (error) => finish(() => (error === undefined ? resolve() : reject(error))))
      const next = () => process.nextTick(step)
      const step = () => {
        if (over) return
        const astray = firstAstray()
        if (astray) return abort?.(new ForeignAwaitError(astray))
        let quiet: boolean
        let breathes: boolean
        if (turnEndCount > 0) {
          try {
            endTurn()
          } catch (error) {
            return abort?.(error)
          }
          // It may have let programs go on, or have been asked for again: the turn is not over yet.
          settled.then(next)
          return
        }
        do {
          if (heap.peek() === undefined) return abort?.(new StandstillError([...live]))
          const event = heap.pop()
          now = event.dueNanos
          trace.add(now, event.order)
          try {
            event.fire()
            while (event.quiet && resumedCount === 0 && turnEndCount > 0) endTurn()
          } catch (error) {
            return abort?.(error)
          }
          quiet = event.quiet && resumedCount === 0
          breathes = ++events % EVENTS_PER_BREATH === 0
        } while (quiet && !breathes)
        if (breathes) {
          setImmediate(() => {
            options.breathe?.()
            step()
          })
        } else settled.then(next)
      }
      settled.then(next)
    })
  }

  return {
    kind: 'virtual',
    chance: createChance(options.seed),
    wall: { nowMicros: () => wallOffsetMicros + Math.floor(now / 1000) },
    now: () => now,
    after,
    endOfTurn: (fire) => {
      turnEnds[turnEndCount++] = fire
    },
    spawn,
    run,
    setWall: (micros) => {
      wallOffsetMicros = micros - Math.floor(now / 1000)
    },
    traceHash: () => trace.hex(),
  }
}
