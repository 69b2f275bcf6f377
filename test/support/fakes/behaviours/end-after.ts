import type { Behaviour } from '../behaviour.ts'

/** After so many commands of load a connection's next one is carried out and answered by the end of the connection. */
export function endAfter({ commands }: { readonly commands: number }): Behaviour {
  return {
    shape(exchange) {
      if (exchange.nthOfConnection >= commands) exchange.departures = [{ dueNanos: exchange.arrivedNanos, over: 'end' }]
    },
  }
}
