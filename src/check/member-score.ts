import { plural } from '../measure/words.ts'

export interface ScoreTotal {
  readonly lost: number
  readonly duplicated: number
  /** Without the member. */
  readonly sentence: string
}

/**
 * The score of one member of a leaderboard, from its increments as they are answered. Each answer is the score after its
 * increment, so an increment is a step (score - points, score] of the way up, and steps that were each taken once join
 * without a gap: what is kept is where they do not.
 */
export class MemberScore {
  /** What was there before the load. */
  base = 0
  /** What was read back after it. */
  final: number | undefined
  increments = 0
  #sum = 0
  #unknownSum = 0
  #unknowns = 0
  #largestUnknown = 0
  #rank = Number.NaN
  /** How often each size of increment was acknowledged. */
  readonly #sizes = new Map<number, number>()
  /** Joined steps, in order: where each begins and ends, and the size of its first step. */
  readonly #steps: { low: number; high: number; first: number }[] = []
  /** Answers tell no order: one was not given, or fits no way up. */
  #orderUnknown = false

  acknowledged(points: number, score: number): void {
    this.increments++
    this.#sum += points
    this.#sizes.set(points, (this.#sizes.get(points) ?? 0) + 1)
    if (!(points > 0) || Number.isNaN(score)) this.#orderUnknown = true
    else if (!this.#orderUnknown) this.#step(score - points, score)
  }

  unknown(points: number): void {
    this.#unknowns++
    this.#unknownSum += points
    this.#largestUnknown = Math.max(this.#largestUnknown, points)
  }

  /** Whether the member was seen at another rank before. */
  movedTo(rank: number): boolean {
    const moved = !Number.isNaN(this.#rank) && this.#rank !== rank
    this.#rank = rank
    return moved
  }

  /** Undefined when no final score was read back. */
  total(): ScoreTotal | undefined {
    const { final } = this
    if (final === undefined) return undefined
    const low = this.base + this.#sum
    const high = low + this.#unknownSum
    const told = this.#unknowns === 0 && final > low ? this.#witnessedDuplicates(final) : 0
    const lost = this.#fewestLost(low - final)
    const duplicated = Math.max(told, this.#fewestRepeated(final - high))
    const what = lost > 0 ? `at least ${plural(lost, 'increment')} lost` : `at least ${plural(duplicated, 'increment')} applied twice`
    const bounds = low === high ? `${low} was acknowledged` : `${low} was acknowledged and ${high - low} more is unknown`
    return { lost, duplicated, sentence: `final score ${final}, but ${bounds}: ${what}` }
  }

  #step(low: number, high: number): void {
    const steps = this.#steps
    let at = steps.length
    while (at > 0 && steps[at - 1]!.low >= low) at--
    const before = steps[at - 1]
    const after = steps[at]
    if ((before && before.high > low) || (after && after.low < high)) {
      this.#orderUnknown = true
      return
    }
    if (before?.high === low) {
      before.high = high
      if (after?.low !== high) return
      before.high = after.high
      steps.splice(at, 1)
    } else if (after?.low === high) {
      after.low = low
      after.first = high - low
    } else steps.splice(at, 0, { low, high, first: high - low })
  }

  /** A gap before a step is that step, taken before without being told of: as often as it fits. 0 where answers tell no order. */
  #witnessedDuplicates(final: number): number {
    if (this.#orderUnknown) return 0
    let reached = this.base
    let duplicated = 0
    for (const { low, high, first } of this.#steps) {
      if (low < reached) return 0
      if (low > reached) duplicated += Math.max(1, Math.round((low - reached) / first))
      reached = high
    }
    return duplicated + (final > reached ? 1 : 0)
  }

  /** The fewest of the acknowledged increments that add up to at least `points`, each used once. */
  #fewestLost(points: number): number {
    if (points <= 0) return 0
    let count = 0
    let left = points
    for (const [size, times] of [...this.#sizes].filter(([size]) => size > 0).sort(([a], [b]) => b - a)) {
      const needed = Math.min(times, Math.ceil(left / size))
      count += needed
      left -= needed * size
      if (left <= 0) return count
    }
    // More is missing than there ever was.
    return Math.max(1, count)
  }

  /** The fewest increments that add up to at least `points`, each used as often as one likes. */
  #fewestRepeated(points: number): number {
    if (points <= 0) return 0
    const largest = [...this.#sizes.keys()].reduce((most, size) => Math.max(most, size), this.#largestUnknown)
    return largest > 0 ? Math.ceil(points / largest) : 1
  }
}
