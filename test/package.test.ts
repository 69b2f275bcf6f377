import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CliOutcome, cli, HOME } from './support/cli.ts'

/**
 * The tarball as `npm install --omit=dev --omit=optional` would leave it, with the packages of this checkout in place
 * of downloaded ones. `npm run long -- install` does it with npm itself.
 */
let folder: string
let installed: string

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly optional?: boolean; readonly devOptional?: boolean }>>
}

const manifest = JSON.parse(readFileSync(join(HOME, 'package.json'), 'utf8'))
const lock = JSON.parse(readFileSync(join(HOME, 'package-lock.json'), 'utf8')) as Lock

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cacheproof-package-'))
  const tarball = execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: HOME, encoding: 'utf8' }).trim()
  execFileSync('tar', ['-xzf', join(folder, tarball), '-C', folder])
  const modules = join(folder, 'node_modules')
  installed = join(modules, 'cacheproof')
  mkdirSync(modules)
  execFileSync('mv', [join(folder, 'package'), installed])
  for (const [path, { dev, optional, devOptional }] of Object.entries(lock.packages)) {
    if (dev || optional || devOptional || !/^node_modules\/(@[^/]+\/)?[^/]+$/.test(path)) continue
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    symlinkSync(join(HOME, path), join(folder, path))
  }
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the package', () => {
  it('holds what it runs and nothing of how it is made', () => {
    for (const path of ['LICENSE', 'README.md', 'workloads/cache-aside.yaml', 'workloads/workload.schema.json', 'reports/run.schema.json'])
      expect(existsSync(join(installed, path)), path).toBe(true)
    for (const path of ['src', 'test', 'bench', 'scripts', 'dist/bench', '.ci', 'reports/examples', 'node_modules'])
      expect(existsSync(join(installed, path)), path).toBe(false)
    expect(statSync(join(installed, 'dist/src/cli/main.js')).mode & 0o111).not.toBe(0)
  })

  it('needs no compiler: nothing in the lock file builds on install but what comes with binaries of its own', () => {
    const building = Object.entries(lock.packages).filter(([, entry]) => 'hasInstallScript' in entry && !entry.dev && !entry.devOptional)
    expect(building.map(([path]) => path)).toEqual([])
    const native = Object.keys({ ...manifest.dependencies }).filter((name) => existsSync(join(HOME, 'node_modules', name, 'binding.gyp')))
    expect(native).toEqual([])
  })

  it('says what it is and where it runs', () => {
    expect(manifest).toMatchObject({ license: 'Apache-2.0', type: 'module', engines: { node: '>=20.19' } })
    expect(readFileSync(join(HOME, 'LICENSE'), 'utf8')).toContain('Apache License')
    // The product uses both: properties are run by validate, single commands measured by profile.
    expect(Object.keys(manifest.dependencies)).toEqual(expect.arrayContaining(['fast-check', 'tinybench']))
  })

  it('shows help', async () => {
    expect(await installedCli(['--help'])).toMatchObject({ code: 0, stderr: '' })
  })

  it('runs on virtual time, where the database is a table in memory', async () => {
    const run = ['run', 'cache-aside', '--target', 'engine:redis', '--virtual', '--seed', '7', '--duration', '2s', '--json']
    const { code, stdout, stderr } = await installedCli(run)
    expect({ code, stderr }).toMatchObject({ code: expect.toBeOneOf([0, 4]), stderr: '' })
    const { cells } = JSON.parse(stdout)
    expect(cells[0].database.label).toBe('in-memory table')
  })

  it('runs on real time with instances as processes, without the native build', async () => {
    const run = ['run', 'session-store', '--target', 'engine:redis', '--seed', '7', '--duration', '1s', '--rate', '60', '--json']
    const { stdout, stderr } = await installedCli(run)
    expect(stderr).toBe('')
    const { cells } = JSON.parse(stdout)
    expect(cells[0].database.label).toContain('WebAssembly')
    expect(cells[0].classes.length).toBeGreaterThan(0)
  })

  it('lists what there is', async () => {
    const { stdout, code, stderr } = await installedCli(['list', '--json'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toBeTypeOf('object')
  })

  it('can be imported by name', () => {
    const program = join(folder, 'program.mjs')
    writeFileSync(
      program,
      `import { createVirtualRuntime, findRedisProfile, RUN_SCHEMA_VERSION } from 'cacheproof'
import schema from 'cacheproof/workload.schema.json' with { type: 'json' }
console.log(typeof createVirtualRuntime, findRedisProfile('redis').version, RUN_SCHEMA_VERSION, typeof schema)
`,
    )
    const { stdout, status } = spawnSync(process.execPath, ['--no-warnings', program], { encoding: 'utf8' })
    expect({ stdout, status }).toEqual({ stdout: 'function 7.0.15 3 object\n', status: 0 })
  })
})

function installedCli(args: readonly string[]): Promise<CliOutcome> {
  return cli(args, { cwd: folder, main: join(installed, 'dist/src/cli/main.js') })
}
