import type { Behaviour } from '../behaviour.ts'
import { type Chosen, chooser } from '../chosen.ts'

/** Answers twice: one more reply than was asked for, right behind the right one. */
export function surplus(chosen: Chosen = {}): Behaviour {
  const isChosen = chooser(chosen)
  return {
    shape(exchange) {
      if (isChosen(exchange)) exchange.departures.push(...exchange.departures.map((departure) => ({ ...departure })))
    },
  }
}
