import { MILLISECOND } from '../../../../src/runtime/runtime.ts'
import type { Behaviour, FakeHost } from '../behaviour.ts'

/** Always the same, or shares of the commands that take so many milliseconds each: `[[0.99, 1], [0.01, 50]]`. */
export type ServiceTime = { readonly millis: number } | { readonly mix: readonly (readonly [share: number, millis: number])[] }

/** Draws come in blocks in which the shares are exact: a mean then does not move by chance, nor does it depend on the load. */
const BLOCK = 100

/**
 * Each command of load takes a time that is known: its answer leaves so long after its arrival however many others are
 * under way (answers of one connection keep their order).
 */
export function serviceTime(time: ServiceTime): Behaviour {
  const block = 'mix' in time ? blockOf(time.mix) : [time.millis]
  let host: FakeHost | undefined
  let drawn: readonly number[] = []
  let count = 0
  return {
    begin(given) {
      host = given
    },
    shape(exchange) {
      if (!exchange.isLoad) return
      const at = count % block.length
      if (at === 0) drawn = shuffled(block, (index) => host!.draw('service time', count + index))
      count++
      exchange.delayUntil(exchange.arrivedNanos + drawn[at]! * MILLISECOND)
    },
  }
}

function blockOf(mix: readonly (readonly [number, number])[]): readonly number[] {
  const block = mix.flatMap(([share, millis]) => Array<number>(Math.round(share * BLOCK)).fill(millis))
  if (block.length !== BLOCK) throw new RangeError(`the shares of service times are whole percents that add up to 1, not ${JSON.stringify(mix)}`)
  return block
}

function shuffled(values: readonly number[], draw: (index: number) => number): readonly number[] {
  const mixed = [...values]
  for (let at = mixed.length - 1; at > 0; at--) {
    const other = Math.floor(draw(at) * (at + 1))
    ;[mixed[at], mixed[other]] = [mixed[other]!, mixed[at]!]
  }
  return mixed
}
