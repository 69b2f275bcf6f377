import type { Behaviour } from '../behaviour.ts'

/** After so many commands of load a connection's next one is met by RST, carried out and unanswered. */
export function resetAfter({ commands }: { readonly commands: number }): Behaviour {
  return {
    shape(exchange) {
      if (exchange.nthOfConnection >= commands) exchange.departures = [{ dueNanos: exchange.arrivedNanos, over: 'reset' }]
    },
  }
}
