/**
 * Reads that came when there should have been nothing to find, until it is certain: something that began before a read
 * was over, and is itself over only later, may have put there what was found. It comes later in the history, and takes
 * back all reads that were over after it began.
 *
 * Reads are added in order of completion. Those that found nothing are a number each.
 */
export class LateReads<Found> {
  readonly #ends: number[] = []
  /** What was found, with the number of its read; few, unless something is wrong. */
  #found: { readonly read: number; readonly what: Found }[] | undefined

  /** How many reads there are that nothing excuses. */
  get reads(): number {
    return this.#ends.length
  }

  add(endNanos: number, found: Found | undefined): void {
    if (found !== undefined) {
      this.#found ??= []
      this.#found.push({ read: this.#ends.length, what: found })
    }
    this.#ends.push(endNanos)
  }

  /** Something that began at this instant is over now, and may have put something there. */
  excuse(startNanos: number): void {
    const ends = this.#ends
    let kept = ends.length
    while (kept > 0 && ends[kept - 1]! >= startNanos) kept--
    if (kept === ends.length) return
    ends.length = kept
    while (this.#found && this.#found.length > 0 && this.#found[this.#found.length - 1]!.read >= kept) this.#found.pop()
  }

  found(): readonly Found[] {
    return (this.#found ?? []).map(({ what }) => what)
  }
}
