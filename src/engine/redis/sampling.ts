import type { Word } from '../../protocol/command.ts'
import { ReplyError } from '../../protocol/reply.ts'
import { OUT_OF_RANGE } from './error-texts.ts'
import { INT64_MAX, parseInt64 } from './numbers/integer.ts'

/** Indexes for HRANDFIELD and ZRANDMEMBER. */

/**
 * The most a negative count, which may repeat, is answered with. A server builds whatever it is asked for until it has
 * no memory left (redis-server 7.0.15 took 19 GB for a count of -2^62, and answered nobody meanwhile); we say no.
 */
export const MAX_REPEATED = 1_048_576

export function drawRepeating(size: number, count: number, random: () => number): Iterable<number> {
  if (count > MAX_REPEATED) throw new ReplyError(`ERR the reference engine repeats at most ${MAX_REPEATED} elements, and was asked for ${count}`)
  return repeatedly(size, count, random)
}

function* repeatedly(size: number, count: number, random: () => number): Iterable<number> {
  for (let i = 0; i < count; i++) yield Math.floor(random() * size)
}

const HALF = INT64_MAX / 2n

/** Pairs are two elements each: their number must not overflow (zrandmemberCommand in t_zset.c). */
export function checkPairCount(word: Word): void {
  const count = BigInt(parseInt64(word) ?? 0)
  if (count < -HALF || count > HALF) throw OUT_OF_RANGE
}

/** Everything in order when as much is asked for as there is; else a partial Fisher-Yates shuffle. */
export function drawDistinct(size: number, count: number, random: () => number): number[] {
  const all = Array.from({ length: size }, (_, i) => i)
  if (count >= size) return all
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(random() * (size - i))
    const kept = all[i]!
    all[i] = all[j]!
    all[j] = kept
  }
  all.length = count
  return all
}
