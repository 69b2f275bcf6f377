import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { TESTS_VARIABLE } from './tests-variable.ts'

/** For the copy that is mutated: the tests of a room and nothing else. */
export default defineConfig({
  test: {
    include: JSON.parse(process.env[TESTS_VARIABLE] ?? '[]') as string[],
    alias: { '@fast-check/vitest': fileURLToPath(new URL('../../../test/support/property-test.ts', import.meta.url)) },
    setupFiles: [fileURLToPath(new URL('without-shrinking.ts', import.meta.url))],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
