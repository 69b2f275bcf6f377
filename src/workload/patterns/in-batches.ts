const AT_ONCE = 32

/** Visits all items, 32 at a time, in order: a read-back one by one would take a round trip for each. */
export async function inBatches<T>(items: readonly T[], visit: (item: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += AT_ONCE) await Promise.all(items.slice(from, from + AT_ONCE).map(visit))
}
