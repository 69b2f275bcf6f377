import type { Behaviour } from '../behaviour.ts'
import { inWindow, type TimeWindow } from '../time-window.ts'

/** Neither reads nor answers for a while: a process that was stopped, whose system still takes connections and bytes. */
export function stopReading(window: TimeWindow): Behaviour {
  return inWindow(window, (host, forNanos) => host.stopReading(forNanos))
}
