import type { Behaviour } from '../behaviour.ts'
import { type Chosen, chooser } from '../chosen.ts'

/** Answers arrays within arrays, `depth` of them, which no recursion survives. Of RESP; Memcached knows no nesting. */
export function deep({ depth = 100_000, ...chosen }: Chosen & { readonly depth?: number } = {}): Behaviour {
  const isChosen = chooser(chosen)
  return { instead: (exchange) => (isChosen(exchange) ? Buffer.from(`${'*1\r\n'.repeat(depth)}:1\r\n`) : undefined) }
}
