import type { ShiftedRuntime } from '../runtime/shifted-runtime.ts'
import { UsageError } from '../runtime/usage-error.ts'
import type { EngineServer } from '../server/engine-server.ts'
import { parseDuration } from '../workload/file/units.ts'

/** The clock of one started engine: it goes as the machine's does, ahead of it by what it was advanced. */
export class EngineClock {
  readonly #runtime: ShiftedRuntime
  readonly #server: EngineServer

  constructor(runtime: ShiftedRuntime, server: EngineServer) {
    this.#runtime = runtime
    this.#server = server
  }

  /** The engine's time of day. */
  now(): Date {
    return new Date(this.#runtime.wall.nowMicros() / 1000)
  }

  /**
   * Moves the engine's time ahead: '1h', '250ms', or a number of milliseconds. What expires or times out by then has done so
   * when this returns. Throws `UsageError` for what is no duration, and for a step back.
   */
  advance(by: string | number): void {
    this.#runtime.shift(nanosOf(by))
    this.#server.catchUp()
  }
}

function nanosOf(by: string | number): number {
  const parsed = typeof by === 'number' ? { ok: true as const, value: by * 1e6 } : parseDuration(by)
  if (parsed.ok && Number.isFinite(parsed.value) && parsed.value >= 0) return parsed.value
  throw new UsageError(
    `a clock can't be advanced by ${JSON.stringify(by)}`,
    "a duration such as '250ms' or '1h', or a number of milliseconds, not below 0",
  )
}
