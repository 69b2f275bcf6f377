import type { Behaviour } from '../behaviour.ts'
import { type Chosen, chooser } from '../chosen.ts'

/** "value": a length of 8 GB and bytes for it; "array": elements of one that never ends; "line": a line without an end. */
export type EndlessKind = 'value' | 'array' | 'line'

const HEADS = {
  redis: { value: '$8589934592\r\n', array: '*2147483647\r\n', line: '+' },
  memcached: { value: 'VALUE k 0 8589934592\r\n', array: '', line: 'VALUE ' },
} as const

/** Answers that never end, as fast as they are taken. */
export function endless({ as = 'value', ...chosen }: Chosen & { readonly as?: EndlessKind } = {}): Behaviour {
  const isChosen = chooser(chosen)
  return {
    shape(exchange) {
      if (!isChosen(exchange)) return
      const head = Buffer.from(HEADS[exchange.family][as], 'latin1')
      const element = exchange.family === 'redis' ? ':1\r\n' : 'VALUE k 0 1\r\nv\r\n'
      const body = as === 'array' ? element.repeat(4096) : 'x'.repeat(65_536)
      const dueNanos = exchange.arrivedNanos
      exchange.departures = [
        { dueNanos, bytes: head },
        { dueNanos, endless: Buffer.from(body, 'latin1') },
      ]
    },
  }
}
