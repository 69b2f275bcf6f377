import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'
import { unrunnableTests } from './scripts/needed-programs.mjs'

const leftOut = unrunnableTests(fileURLToPath(new URL('test', import.meta.url)))
for (const { file, why } of leftOut) process.stderr.write(`left out: ${file}: ${why}\n`)

export default defineConfig({
  test: {
    alias: { '@fast-check/vitest': fileURLToPath(new URL('test/support/property-test.ts', import.meta.url)) },
    include: ['src/**/*.test.ts', 'properties/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...leftOut.map(({ file }) => file)],
    globalSetup: ['test/support/global-setup.ts'],
    reporters: ['default', './test/support/executed-tests-reporter.ts'],
    passWithNoTests: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
