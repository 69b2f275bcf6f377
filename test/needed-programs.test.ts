import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { HOME } from './support/cli.ts'

const here = dirname(fileURLToPath(import.meta.url))
const empty = mkdtempSync(join(tmpdir(), 'cacheproof-empty-path-'))
afterAll(() => rmSync(empty, { recursive: true }))

/** The environment of a machine on which nothing is installed, and of one on which nothing may be. */
const BARE = { PATH: empty, HOME: empty, CACHEPROOF_NO_INSTALL: '1' }

describe('bringing the real servers', () => {
  const servers = (env: NodeJS.ProcessEnv) => spawnSync(process.execPath, [join(HOME, 'scripts', 'servers.mjs')], { env, encoding: 'utf8' })

  it('fails under CI=true when one is missing, and names its Debian package', () => {
    const { status, stderr } = servers({ ...BARE, CI: 'true' })
    expect(status).toBe(1)
    for (const name of ['redis-server', 'valkey-server', 'memcached', 'chromium'])
      expect(stderr).toContain(`cacheproof: ${name} is missing (Debian package ${name})`)
    expect(stderr).toContain('under CI=true a missing program fails the run')
  })

  it('says the same elsewhere, and lets the rest of the tests run', () => {
    const { status, stderr } = servers(BARE)
    expect(status).toBe(0)
    expect(stderr).toContain('redis-server is missing (Debian package redis-server); tests that need it are left out')
  })
})

describe('test files that need a program', () => {
  const importsToNeeds: readonly [RegExp, string][] = [
    [
      /support\/real-server\.ts|startLocalServer|localClientSubject|['"`]local:(redis|valkey|memcached)['"`]/,
      '(redis-server|valkey-server|memcached|chromium)',
    ],
    [/support\/postgres-server\.ts/, 'postgres'],
    [/playwright-core/, 'chromium'],
    [/support\/certificates\.ts/, 'openssl'],
  ]

  it.each(readdirSync(here).filter((file) => file.endsWith('.test.ts') && file !== 'needed-programs.test.ts'))('%s says so', (file) => {
    const text = readFileSync(join(here, file), 'utf8')
    for (const [uses, needs] of importsToNeeds) if (uses.test(text)) expect(text.split('\n', 1)[0]).toMatch(new RegExp(`^// needs: .*${needs}`))
  })

  it('are left out and named where it is missing, and fail the run under CI=true', () => {
    const tree = mkdtempSync(join(tmpdir(), 'cacheproof-needs-'))
    try {
      writeFileSync(join(tree, 'a.test.ts'), '// needs: memcached\n')
      writeFileSync(join(tree, 'b.test.ts'), '// a test that needs: nothing\n')
      const ask = (env: NodeJS.ProcessEnv) => {
        const program = `import { unrunnableTests } from ${JSON.stringify(join(HOME, 'scripts', 'needed-programs.mjs'))}
try { console.log(JSON.stringify(unrunnableTests(${JSON.stringify(tree)}))) } catch (error) { console.log(error.message) }`
        return spawnSync(process.execPath, ['--input-type=module', '-e', program], { env, encoding: 'utf8' }).stdout
      }
      expect(JSON.parse(ask(BARE))).toEqual([{ file: join(tree, 'a.test.ts'), why: 'memcached is missing (Debian package memcached)' }])
      expect(ask({ ...BARE, CI: 'true' })).toContain('under CI=true every test must run: redis-server is missing')
    } finally {
      rmSync(tree, { recursive: true })
    }
  })
})

describe('a test run', () => {
  it('that executes no test fails', () => {
    const args = [join(HOME, 'node_modules/vitest/vitest.mjs'), 'run', 'src/measure/nearest.test.ts', '-t', 'no test is called this']
    const { status, stderr, stdout } = spawnSync(process.execPath, args, { cwd: HOME, encoding: 'utf8' })
    expect(stderr + stdout).toContain('No test was executed')
    // The summary that a person and CI look for stands at the end all the same.
    expect(stdout).toMatch(/Tests .*skipped/)
    expect(status).toBe(1)
  })
})
