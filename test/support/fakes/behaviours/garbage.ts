import type { Behaviour, FakeHost } from '../behaviour.ts'
import { type Chosen, chooser } from '../chosen.ts'

/** Answers random bytes, which are of no protocol. */
export function garbage({ bytes = 64, ...chosen }: Chosen & { readonly bytes?: number } = {}): Behaviour {
  const isChosen = chooser(chosen)
  let host: FakeHost | undefined
  let drawn = 0
  return {
    begin(given) {
      host = given
    },
    instead: (exchange) =>
      isChosen(exchange) ? Buffer.from(Array.from({ length: bytes }, () => Math.floor(host!.draw('garbage', drawn++) * 256))) : undefined,
  }
}
