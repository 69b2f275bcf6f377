/** Indexes for HRANDFIELD and ZRANDMEMBER. */

/** A negative count may repeat; beyond this a server would run out of memory long before. */
const MAX_REPEATED = 1 << 24

export function drawRepeating(size: number, count: number, random: () => number): number[] {
  const drawn: number[] = []
  for (let i = 0; i < Math.min(count, MAX_REPEATED); i++) drawn.push(Math.floor(random() * size))
  return drawn
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
