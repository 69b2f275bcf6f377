import { type Nanos, SECOND } from '../../../../src/runtime/runtime.ts'
import type { Behaviour } from '../behaviour.ts'

/** A server of known capacity: one worker that takes 1/perSecond for each command of load, the others wait their turn. */
export function limited({ perSecond }: { readonly perSecond: number }): Behaviour {
  let freeAtNanos: Nanos = 0
  return {
    shape(exchange) {
      if (!exchange.isLoad) return
      freeAtNanos = Math.max(freeAtNanos, exchange.arrivedNanos) + SECOND / perSecond
      exchange.delayUntil(freeAtNanos)
    },
  }
}
