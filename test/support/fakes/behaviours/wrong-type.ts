import type { Behaviour } from '../behaviour.ts'
import { type Chosen, chooser } from '../chosen.ts'
import type { Exchange } from '../exchange.ts'

/** Valid answers of a kind that was not due. "another": whichever the right answer is not. */
export type WrongKind = 'another' | 'status' | 'integer' | 'array' | 'null' | 'map'

const RESP: Readonly<Record<Exclude<WrongKind, 'another'>, string>> = {
  status: '+OK\r\n',
  integer: ':42\r\n',
  array: '*2\r\n$1\r\na\r\n:1\r\n',
  null: '$-1\r\n',
  // Of RESP3.
  map: '%1\r\n$1\r\na\r\n:1\r\n',
}

/** Commands are carried out, and answered by a well-formed reply of another type: `+OK` to GET, `NOT_FOUND` where values were due. */
export function wrongType({ as = 'another', ...chosen }: Chosen & { readonly as?: WrongKind } = {}): Behaviour {
  const isChosen = chooser(chosen)
  return {
    shape(exchange) {
      if (isChosen(exchange)) exchange.answer(Buffer.from(exchange.family === 'redis' ? resp(exchange, as) : memcached(exchange), 'latin1'))
    },
  }
}

function resp(exchange: Exchange, as: WrongKind): string {
  if (as !== 'another') return RESP[as]
  return exchange.bytes[0] === '+'.charCodeAt(0) ? RESP.integer : RESP.status
}

function memcached(exchange: Exchange): string {
  const due = exchange.bytes.toString('latin1')
  const isValues = due.startsWith('VALUE ') || due === 'END\r\n'
  return isValues || /^(VA|HD|EN|NF|NS|EX)\b/.test(due) ? 'NOT_FOUND\r\n' : 'END\r\n'
}
