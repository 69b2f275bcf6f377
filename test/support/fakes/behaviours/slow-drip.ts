import { MILLISECOND } from '../../../../src/runtime/runtime.ts'
import type { Behaviour } from '../behaviour.ts'
import { type Chosen, chooser } from '../chosen.ts'

/** Answers leave a few bytes at a time: too slow to be whole within a deadline, too lively to look dead. */
export function slowDrip({ bytes: size = 1, everyMillis, ...chosen }: Chosen & { readonly bytes?: number; readonly everyMillis: number }): Behaviour {
  const isChosen = chooser(chosen)
  return {
    shape(exchange) {
      if (!isChosen(exchange)) return
      const { bytes, arrivedNanos } = exchange
      const count = Math.ceil(bytes.length / size)
      exchange.departures = Array.from({ length: count }, (_, at) => ({
        dueNanos: arrivedNanos + at * everyMillis * MILLISECOND,
        bytes: bytes.subarray(at * size, (at + 1) * size),
      }))
    },
  }
}
