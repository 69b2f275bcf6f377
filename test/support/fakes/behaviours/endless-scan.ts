import type { Behaviour } from '../behaviour.ts'

/** A SCAN that is never over: its cursor grows for ever, or is the same one again and again. Of Redis. */
export function endlessScan({ cursor = 'grows' }: { readonly cursor?: 'grows' | 'repeats' } = {}): Behaviour {
  let next = 1
  return {
    instead(exchange) {
      if (exchange.family !== 'redis' || exchange.name !== 'SCAN') return undefined
      const text = String(cursor === 'grows' ? next++ : next)
      return Buffer.from(`*2\r\n$${text.length}\r\n${text}\r\n*0\r\n`)
    },
  }
}
