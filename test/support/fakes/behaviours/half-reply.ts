import type { Behaviour } from '../behaviour.ts'
import { type Chosen, chooser } from '../chosen.ts'

/** Sends the first half of the right answer, and then nothing more on that connection: it hangs, ends or is reset. */
export function halfReply({ then = 'hang', ...chosen }: Chosen & { readonly then?: 'hang' | 'end' | 'reset' } = {}): Behaviour {
  const isChosen = chooser(chosen)
  return {
    shape(exchange) {
      if (!isChosen(exchange)) return
      const { bytes, arrivedNanos } = exchange
      exchange.answer(bytes.subarray(0, Math.ceil(bytes.length / 2)))
      exchange.departures.push({ dueNanos: then === 'hang' ? Number.POSITIVE_INFINITY : arrivedNanos, over: then === 'reset' ? 'reset' : 'end' })
    },
  }
}
