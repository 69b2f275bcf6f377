// What the tests need from the machine, in one place: scripts/servers.mjs brings it, vitest.config.ts leaves out the
// test files that say (in a first line "// needs: redis-server, memcached") that they can't do without.
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export const NEEDED = [
  { program: 'redis-server', packages: ['redis-server'] },
  { program: 'valkey-server', packages: ['valkey-server'], backports: true },
  { program: 'memcached', packages: ['memcached'] },
  { program: 'postgres', packages: ['postgresql'] },
  { program: 'chromium', packages: ['chromium'] },
  { program: 'openssl', packages: ['openssl'] },
]

export function missingPrograms(env = process.env) {
  return NEEDED.filter(({ program }) => !isThere(program, env))
}

/** "redis-server is missing (Debian package redis-server)" */
export function missingInWords({ program, packages }) {
  return `${program} is missing (Debian package ${packages.join(', ')})`
}

/**
 * Test files of a folder that can't run here, and why. Under CI=true nothing is left out: there a missing program is an
 * error, since tests that did not run prove nothing.
 */
export function unrunnableTests(folder, env = process.env) {
  const missing = missingPrograms(env)
  const left = []
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.test.ts'))) {
    const why = missing.filter(({ program }) => needsOf(readFileSync(join(folder, name), 'utf8')).includes(program))
    if (why.length > 0) left.push({ file: join(folder, name), why: why.map(missingInWords).join(', ') })
  }
  if (left.length > 0 && env.CI === 'true') {
    throw new Error(`under CI=true every test must run: ${missing.map(missingInWords).join(', ')}`)
  }
  return left
}

/** The programs that a test file names in its first line. */
export function needsOf(text) {
  const list = /^\/\/ needs: (.+)$/m.exec(text.split('\n', 1)[0])?.[1]
  return list === undefined ? [] : list.split(', ')
}

function isThere(program, env) {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  if (program === 'postgres') folders.push(...postgresFolders())
  return folders.some((folder) => isExecutable(join(folder, program)))
}

/** Debian keeps PostgreSQL's own programs off PATH. */
function postgresFolders() {
  const base = '/usr/lib/postgresql'
  return existsSync(base) ? readdirSync(base).map((version) => join(base, version, 'bin')) : []
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
