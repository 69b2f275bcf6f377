import type { Behaviour } from '../behaviour.ts'
import { inWindow, type TimeWindow } from '../time-window.ts'

/** Answers nothing for a while, and reads on: a server in a long command or a collection of its garbage. */
export function pause(window: TimeWindow): Behaviour {
  return inWindow(window, (host, forNanos) => host.holdAnswers(forNanos))
}
