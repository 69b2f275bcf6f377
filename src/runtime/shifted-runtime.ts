import type { Nanos, Runtime } from './runtime.ts'

/** A runtime whose clocks, of both kinds, can be moved ahead. */
export interface ShiftedRuntime extends Runtime {
  /** Timers that are set keep their length: whoever set them is to look at the clock again. Throws `RangeError` for a step back. */
  shift(byNanos: Nanos): void
}

/** Runs as `inner` does, ahead of it by what it was shifted. */
export function createShiftedRuntime(inner: Runtime): ShiftedRuntime {
  let aheadNanos = 0
  return {
    kind: inner.kind,
    chance: inner.chance,
    wall: { nowMicros: () => inner.wall.nowMicros() + Math.round(aheadNanos / 1000) },
    now: () => inner.now() + aheadNanos,
    after: (delayNanos, fire, quiet) => inner.after(delayNanos, fire, quiet),
    endOfTurn: (fire) => inner.endOfTurn(fire),
    spawn: (name, program, done) => inner.spawn(name, program, done),
    run: (name, program) => inner.run(name, program),
    shift(byNanos) {
      if (!(byNanos >= 0)) throw new RangeError(`a clock goes forward only, not by ${byNanos} ns`)
      aheadNanos += Math.round(byNanos)
    },
  }
}
