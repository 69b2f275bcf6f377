import type { Behaviour } from '../behaviour.ts'
import { type Chosen, chooser } from '../chosen.ts'

/** Refuses commands with an error of the server's and does not carry them out: `NOPERM ...`, `OOM ...`, `SERVER_ERROR ...`. */
export function deny({ error, ...chosen }: Chosen & { readonly error: string }): Behaviour {
  const isChosen = chooser(chosen)
  return {
    instead: (exchange) => (isChosen(exchange) ? Buffer.from(`${exchange.family === 'redis' ? '-' : ''}${error}\r\n`, 'latin1') : undefined),
  }
}
