/**
 * The door through which time, chance and timers come in. Nothing in `engine`, `protocol`, `check`, `measure`
 * or the patterns reads a clock, draws a random number or waits in any other way.
 *
 * Two implementations: `real-runtime.ts` and `virtual-runtime.ts`, held to `runtime.contract.ts`.
 */

/** Integer nanoseconds since the run began. Safe as a number for 104 days. */
export type Nanos = number

export const MICROSECOND = 1_000
export const MILLISECOND = 1_000_000
export const SECOND = 1_000_000_000

export interface Timer {
  /** Idempotent; a cancelled timer never fires. */
  cancel(): void
}

/** The time of day. Apart from `now()`: it may be set and may jump. */
export interface WallClock {
  /** Microseconds since the Unix epoch, integer. */
  nowMicros(): number
}

/**
 * Counter-based randomness: a draw is a pure function of (seed, concern, index, lane), so worker w of N can take
 * the indices that are w mod N and every draw is the same whatever N is and in whatever order draws are made.
 */
export interface Chance {
  readonly seed: number
  /** A concern is a stable name such as "arrivals" or "keys"; the same name always gives the same stream. */
  stream(concern: string): Stream
}

export interface Stream {
  /** Uniform in [0, 1), 53 bits. Index: a non-negative safe integer. Lane: which of several draws of one index. */
  uniform(index: number, lane?: number): number
  /** Uniform unsigned 32-bit integer. */
  uint32(index: number, lane?: number): number
}

/**
 * One program under way (one operation of a pattern, one preparation step, one probe). Every promise that a
 * program awaits comes from `wait` or `sleep` of its task; that is how the virtual scheduler knows that the
 * program is waiting for the world and not for something it can't see.
 */
export interface Task {
  readonly name: string
  /** Waits for `start` to call `settle`. After `kill` the promise never settles: none of the program's code runs again. */
  wait<T>(label: string, start: (settle: (value: T) => void) => void): Promise<T>
  sleep(nanos: Nanos): Promise<void>
  /** Ends the program where it stands. Idempotent. */
  kill(): void
  readonly state: 'running' | 'finished' | 'killed'
}

export interface Runtime {
  readonly kind: 'real' | 'virtual'
  readonly chance: Chance
  readonly wall: WallClock
  /** Monotonic. On a real runtime from the system-wide `hrtime`, so that several processes share one axis. */
  now(): Nanos
  /**
   * Calls `fire` once, at or after now + delay. On virtual time a delay below 1 us counts as 1 us.
   *
   * `quiet`: what it does is of the world alone; it settles no promise that somebody awaits outside of a task. Virtual
   * time then goes on without letting programs run first, unless it resumed a task after all.
   */
  after(delayNanos: Nanos, fire: () => void, quiet?: boolean): Timer
  /**
   * Calls `fire` once when this turn is over: never within the call that asks, in the order of asking, before anything
   * else comes in from the world. The place to write in one piece what a turn has gathered; it can't be taken back.
   *
   * On virtual time a turn is an event and every microtask that follows from it, however deep (after a quiet event, which
   * has none that matter, it ends at once), and the clock does not move before it. On real time it is
   * `process.nextTick`, which may come before the turn's microtasks: what is gathered by those asks again.
   */
  endOfTurn(fire: () => void): void
  /**
   * Starts a program. `done` is called once when it ends: with no error, or with what it threw (a programmer
   * error: what goes wrong in the world is a value). It is not called for a killed task. Without `done`, what a
   * program throws ends the `run` that is under way.
   */
  spawn(name: string, program: (task: Task) => Promise<void>, done?: (error?: unknown) => void): Task
  /**
   * Runs a program to its end; on virtual time this is what moves the clock. Rejects with what the program threw.
   * Timers and tasks that are still pending when it ends stay as they are.
   */
  run(name: string, program: (task: Task) => Promise<void>): Promise<void>
}
