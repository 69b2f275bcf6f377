import type { Behaviour } from '../behaviour.ts'
import { type Chosen, chooser } from '../chosen.ts'

/**
 * Commands are carried out, and in the right answer what the pattern finds first is replaced: another key, a wrong length, an
 * END that is missing. One character a byte (Latin-1), `$1` is what stood in the first parentheses.
 */
export function altered({ find, put, ...chosen }: Chosen & { readonly find: string; readonly put: string }): Behaviour {
  const isChosen = chooser(chosen)
  const pattern = new RegExp(find, 's')
  return {
    shape(exchange) {
      if (isChosen(exchange)) exchange.answer(Buffer.from(exchange.bytes.toString('latin1').replace(pattern, put), 'latin1'))
    },
  }
}
