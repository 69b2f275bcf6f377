import { MILLISECOND, type Nanos } from '../../../src/runtime/runtime.ts'
import type { Behaviour, FakeHost } from './behaviour.ts'

/** A stretch of time that begins with the load, since nobody knows when that comes. */
export interface TimeWindow {
  /** Counted from the first command of load, or from the first one behind `afterCommands`; 0 unless told. */
  readonly atMillis?: number
  readonly afterCommands?: number
  readonly forMillis: number
}

/** Does something for a while. */
export function inWindow({ atMillis = 0, afterCommands, forMillis }: TimeWindow, act: (host: FakeHost, forNanos: Nanos) => void): Behaviour {
  let host: FakeHost | undefined
  let begun = false
  return {
    begin(given) {
      host = given
    },
    instead(exchange) {
      if (begun || exchange.nth < (afterCommands ?? 0)) return undefined
      begun = true
      const over = () => act(host!, forMillis * MILLISECOND)
      // At once means before this command is answered.
      if (atMillis === 0) over()
      else host!.after(atMillis * MILLISECOND, over)
      return undefined
    },
  }
}
