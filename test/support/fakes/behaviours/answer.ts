import type { Behaviour } from '../behaviour.ts'
import { type Chosen, chooser } from '../chosen.ts'

/** Answers these bytes, one a character (Latin-1), in place of carrying commands out. */
export function answer({ bytes, ...chosen }: Chosen & { readonly bytes: string }): Behaviour {
  const isChosen = chooser(chosen)
  return { instead: (exchange) => (isChosen(exchange) ? Buffer.from(bytes, 'latin1') : undefined) }
}
