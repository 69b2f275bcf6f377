import type { Behaviour } from '../behaviour.ts'
import { type Chosen, chooser } from '../chosen.ts'

/**
 * Carries commands out and never says so. With `commands: ['*']` it is a port that accepts and is silent; what stands
 * behind an unanswered command on its connection is answered all the same, as if it were the answer to the first.
 */
export function silence(chosen: Chosen = {}): Behaviour {
  const isChosen = chooser(chosen)
  return {
    shape(exchange) {
      if (isChosen(exchange)) exchange.departures = []
    },
  }
}
