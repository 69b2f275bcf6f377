import fc from 'fast-check'
import { test as plain, type TestAPI } from 'vitest'

/** With fast-check's arbitraries, as `@fast-check/vitest` takes them. */
function prop<Values extends [unknown, ...unknown[]]>(
  arbitraries: { [At in keyof Values]: fc.Arbitrary<Values[At]> },
  parameters: fc.Parameters<Values>,
) {
  return (name: string, holds: (...values: Values) => unknown, timeoutMillis?: number): void => {
    const { seed = Date.now() ^ (Math.random() * 2 ** 32) } = parameters
    const property = fc.asyncProperty(...arbitraries, async (...values: Values) => (await holds(...values)) as boolean | void)
    plain(`${name} (with seed=${seed})`, () => fc.assert(property, { ...parameters, seed }), timeoutMillis)
  }
}

/**
 * Stands in for `@fast-check/vitest` in every test. That builds each order in which the modifiers of a test can be chained
 * when it is imported, some three seconds of a processor in every file. Name, seed, path and counterexample are told as there;
 * hooks (`beforeEach`) run once a test and not once a value.
 */
export const test: TestAPI & { readonly prop: typeof prop } = Object.assign(plain, { prop })

export { fc }
