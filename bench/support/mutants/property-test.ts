import fc from 'fast-check'
import { test as plain } from 'vitest'

/**
 * Stands in for `@fast-check/vitest` in the copy that is mutated. That builds each order in which the modifiers of a test
 * can be chained when it is imported, some three seconds of a processor; a room imports it anew in every file for every mutant.
 */
export const test = Object.assign(plain.bind(undefined), {
  prop<Values extends [unknown, ...unknown[]]>(arbitraries: { [At in keyof Values]: fc.Arbitrary<Values[At]> }, parameters: fc.Parameters<Values>) {
    return (name: string, holds: (...values: Values) => unknown, timeoutMillis?: number): void => {
      plain(
        name,
        () =>
          fc.assert(
            fc.asyncProperty(...arbitraries, async (...values) => (await holds(...values)) as boolean | void),
            parameters,
          ),
        timeoutMillis,
      )
    }
  },
})

export { fc }
