/** Of this many keys what was made is kept; of another key it is made anew each time. */
const MOST_KEPT = 2 ** 20

/**
 * What belongs to a key, made at first sight and then kept: its name on the server, its place in a command. A name that
 * is made anew has to be put together and hashed each time that it is looked up or sent.
 */
export function keptByKey<T>(make: (keyId: number) => T): (keyId: number) => T {
  const kept: T[] = []
  return (keyId) => {
    const known = kept[keyId]
    if (known !== undefined) return known
    const made = make(keyId)
    if (keyId < MOST_KEPT) {
      // In order, so that the array has no holes and stays one.
      while (kept.length < keyId) kept.push(undefined as T)
      kept[keyId] = made
    }
    return made
  }
}
