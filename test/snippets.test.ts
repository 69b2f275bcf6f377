// needs: redis-server, valkey-server, memcached

import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cli, HOME, isInPlainWords } from './support/cli.ts'
import { applyHunks, type FencedBlock, fencedBlocks } from './support/fenced-blocks.ts'

/** What the README and CONTRIBUTING.md show is run as it stands there. */
const read = (name: string) => fencedBlocks(readFileSync(join(HOME, name), 'utf8'))
const readme = read('README.md')
const recipes = read('CONTRIBUTING.md')
const folder = mkdtempSync(join(tmpdir(), 'cacheproof-snippets-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('the README', () => {
  const commands = readme
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.trim().split('\n'))
    // The set-up is what .ci/run runs.
    .filter((command) => !command.startsWith('npm ci'))

  it('shows commands', () => {
    expect(commands.length).toBeGreaterThan(5)
  })

  it.each(commands)(
    '%s',
    async (command) => {
      expect(command).toMatch(/^npx cacheproof /)
      const outcome = await cli(wordsOf(command).slice(2), { cwd: folder })
      // A busy machine may miss a latency that a suite expects; everything else must be as it is shown.
      expect(outcome.code, outcome.stderr).toBeOneOf([0, 1, 4])
      expect(isInPlainWords(outcome)).toBe(true)
      expect(outcome.stdout).not.toBe('')
      // Servers of several families, and clients, each have a cell that warms up.
    },
    240_000,
  )

  it('shows a workload file that is one', async () => {
    const [workload] = readme.filter(({ language }) => language === 'yaml')
    writeFileSync(join(folder, 'shown.yaml'), workload!.text)
    const outcome = await cli(['run', 'shown.yaml', '--target', 'engine:redis', '--virtual', '--seed', '7', '--duration', '20s'], { cwd: folder })
    expect(outcome.code, outcome.stderr).toBeOneOf([0, 1, 4])
  })

  it('shows a program that runs with the package', async () => {
    const typescript = (await import('typescript')).default
    const [program] = readme.filter(({ language }) => language === 'ts')
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(HOME, join(folder, 'node_modules', 'cacheproof'))
    symlinkSync(join(HOME, 'node_modules', 'ioredis'), join(folder, 'node_modules', 'ioredis'))
    const { outputText } = typescript.transpileModule(program!.text, { compilerOptions: { module: typescript.ModuleKind.ESNext } })
    writeFileSync(join(folder, 'program.mjs'), `${outputText}\nconsole.log(JSON.stringify([before, after]))\n`)
    expect(await run(process.execPath, ['program.mjs'], folder)).toEqual({ status: 0, output: '[1800,null]\n' })
  })
})

describe('the recipes of CONTRIBUTING.md', () => {
  const tree = join(folder, 'tree')
  const files = recipes.filter(({ file }) => file !== '')
  const tests = files.map(({ file }) => file).filter((file) => file.endsWith('.test.ts'))

  beforeAll(() => {
    for (const name of ['src', 'properties', 'workloads', 'test/support', 'package.json', 'tsconfig.json', 'biome.json'])
      cpSync(join(HOME, name), join(tree, name), { recursive: true })
    // What child processes run is what is built.
    for (const name of ['node_modules', 'dist']) symlinkSync(join(HOME, name), join(tree, name))
    for (const block of files) put(tree, block)
    writeFileSync(join(tree, 'test', 'recipe-suites.test.ts'), suitesTest(files.filter(({ language }) => language === 'yaml')))
    const program = readme.find(({ language }) => language === 'ts')!
    writeFileSync(join(tree, 'test', 'readme-program.ts'), program.text)
    const include = [...files.map(({ file }) => file).filter((file) => file.endsWith('.ts')), 'test/readme-program.ts', 'src/**/*.d.ts']
    const paths = { cacheproof: ['./src/index.ts'] }
    writeFileSync(
      join(tree, 'tsconfig.recipes.json'),
      JSON.stringify({ extends: './tsconfig.json', compilerOptions: { noEmit: true, paths }, include }),
    )
    const config = {
      test: { include: [...tests, 'test/recipe-suites.test.ts'], pool: 'forks', testTimeout: 60_000 },
    }
    writeFileSync(join(tree, 'vitest.config.mjs'), `export default ${JSON.stringify(config)}\n`)
  })

  it('are of five steps each', () => {
    const text = readFileSync(join(HOME, 'CONTRIBUTING.md'), 'utf8')
    const chapters = text.split(/^## /m).filter((chapter) => /^An? /.test(chapter))
    expect(chapters.map((chapter) => chapter.split('\n')[0])).toEqual([
      'A pattern',
      'A distribution of keys',
      'An arrival process',
      'A load loop',
      'A database',
      'A target',
      'A client',
      'A routing',
      'A call of the cache vocabulary',
      'A fault',
      'A metric',
      'A claim',
      'A checker',
      'A property',
      'A Redis command',
      'A Memcached command',
      'A version of an engine',
    ])
    for (const chapter of chapters) expect(chapter.match(/^\d\. /gm)).toEqual(['1. ', '2. ', '3. ', '4. ', '5. '])
  })

  it('give a tree without a type error', async () => {
    expect(await run(join(HOME, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.recipes.json'], tree)).toEqual({ status: 0, output: '' })
  })

  it('are in the style of the house', async () => {
    const shown = files.filter(({ language }) => language === 'ts').map(({ file }) => file)
    const { status, output } = await run(
      join(HOME, 'node_modules/.bin/biome'),
      ['check', '--vcs-enabled=false', '--error-on-warnings', ...shown],
      tree,
    )
    expect(status, output).toBe(0)
  })

  it('hold the tests they come with', async () => {
    const { status, output } = await run(join(HOME, 'node_modules/.bin/vitest'), ['run', '--root', tree], tree)
    expect(status, output).toBe(0)
    expect(output).toMatch(new RegExp(`Test Files +${tests.length + 1} passed`))
  }, 180_000)
})

function put(tree: string, { language, file, text }: FencedBlock): void {
  const path = join(tree, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, language === 'diff' ? applyHunks(readFileSync(path, 'utf8'), text, file) : text)
}

/** The suites of the recipes, read with the registries that the recipes have added to. */
function suitesTest(suites: readonly FencedBlock[]): string {
  return `import { expect, test } from 'vitest'
import { FAULTS } from '../src/chaos/registry.ts'
import { PROGRAMS } from '../src/workload/patterns/registry.ts'
import { parseWorkload } from '../src/workload/file/parse-workload.ts'

test.each(${JSON.stringify(suites)})('$file', ({ file, text }) => {
  expect(parseWorkload(text, file, { patterns: PROGRAMS, faults: FAULTS })).toMatchObject({ ok: true })
})
`
}

/** A command line into words, as far as the README goes: blanks part, single quotes keep together. */
function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!)
}

function run(program: string, args: readonly string[], cwd: string): Promise<{ readonly status: number; readonly output: string }> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' }, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ status: error ? Number(error.code) : 0, output: stdout + stderr })
    })
  })
}
