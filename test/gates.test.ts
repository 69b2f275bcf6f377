import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'

const home = fileURLToPath(new URL('..', import.meta.url))
const trees: string[] = []

/** The smallest tree in which every gate finds something to look at and nothing to object to. */
const CLEAN = {
  'src/index.ts': "import { now } from './runtime/clock.ts'\n\nexport const later: number = now() + 1\n",
  'src/runtime/clock.ts': 'export function now(): number {\n  return 1\n}\n',
}

/** One violation each, planted into the clean tree, and the words in which the gate has to name it. */
const PLANTED = [
  {
    gate: 'types',
    what: 'a type error',
    files: { 'src/runtime/clock.ts': "export function now(): number {\n  return 'noon'\n}\n" },
    says: /src\/runtime\/clock\.ts.*TS2322/,
  },
  {
    gate: 'style',
    what: 'a style error',
    files: { 'src/runtime/clock.ts': 'export function now(): number {\n    return 1;\n}\n' },
    says: /src\/runtime\/clock\.ts.*format/,
  },
  {
    gate: 'style',
    what: 'a lint error',
    files: { 'src/runtime/clock.ts': 'export function now(): number {\n  debugger\n  return 1\n}\n' },
    says: /noDebugger/,
  },
  {
    gate: 'imports',
    what: 'an import from a room above',
    files: {
      'src/runtime/clock.ts': "import { noon } from '../engine/noon.ts'\n\nexport function now(): number {\n  return noon\n}\n",
      'src/engine/noon.ts': 'export const noon = 12\n',
    },
    says: /runtime-imports-only-from-below: src\/runtime\/clock\.ts -> src\/engine\/noon\.ts/,
  },
  {
    gate: 'imports',
    what: 'a type-only import from a room above',
    files: {
      'src/runtime/clock.ts': "import type { Noon } from '../engine/noon.ts'\n\nexport function now(): Noon {\n  return 1\n}\n",
      'src/engine/noon.ts': 'export type Noon = number\n',
    },
    says: /runtime-imports-only-from-below/,
  },
  {
    gate: 'imports',
    what: 'a file read in a pure room',
    files: {
      'src/engine/noon.ts': "import { readFileSync } from 'node:fs'\n\nexport const noon = readFileSync('/etc/localtime').length\n",
      'src/index.ts': "export { noon } from './engine/noon.ts'\n",
    },
    says: /pure-rooms-do-no-input-or-output: src\/engine\/noon\.ts/,
  },
  {
    gate: 'imports',
    what: 'a cycle',
    files: {
      'src/runtime/clock.ts': "import { noon } from './noon.ts'\n\nexport function now(): number {\n  return noon()\n}\n",
      'src/runtime/noon.ts': "import { now } from './clock.ts'\n\nexport function noon(): number {\n  return now()\n}\n",
    },
    says: /no-cycles/,
  },
  {
    gate: 'imports',
    what: 'a cycle of types alone',
    files: {
      'src/runtime/clock.ts': "import type { Noon } from './noon.ts'\n\nexport function now(): Noon {\n  return 1\n}\n",
      'src/runtime/noon.ts': "import type { now } from './clock.ts'\n\nexport type Noon = number | ReturnType<typeof now>\n",
    },
    says: /no-cycles/,
  },
  {
    gate: 'style',
    what: 'a clock read in a pure room',
    files: {
      'src/engine/noon.ts': 'export const noon = Date.now()\n',
      'src/index.ts': "export { noon } from './engine/noon.ts'\n",
    },
    says: /noRestrictedGlobals/,
  },
  {
    gate: 'dead code',
    what: 'an unused export',
    files: { 'src/runtime/clock.ts': 'export function now(): number {\n  return 1\n}\n\nexport const never = 0\n' },
    says: /never\s+src\/runtime\/clock\.ts/,
  },
  {
    gate: 'dead code',
    what: 'a file nobody imports',
    files: { 'src/runtime/sundial.ts': 'export const shadow = 1\n' },
    says: /src\/runtime\/sundial\.ts/,
  },
] as const

afterEach(() => {
  for (const tree of trees.splice(0)) rmSync(tree, { recursive: true, force: true })
})

describe('the static gates', () => {
  it('pass on a tree in which nothing is wrong', async () => {
    const { status, output } = await check(plant(CLEAN))
    expect(output).toMatch(/ok {6}types: 2 files\nok {6}style: 2 files\nok {6}imports: 2 files\nok {6}dead code: \d+ files/)
    expect(status).toBe(0)
  })

  it.each(PLANTED)('$gate: catches $what', async ({ gate, files, says }) => {
    const { status, output } = await check(plant({ ...CLEAN, ...files }), gate)
    expect(output).toMatch(says)
    expect(output).toContain(`FAILED  ${gate}`)
    expect(status).toBe(1)
  })

  it('fail, each of them, when they find nothing to look at', async () => {
    const { status, output } = await check(plant({}))
    for (const gate of ['types', 'style', 'imports', 'dead code']) expect(output).toContain(`FAILED  ${gate}`)
    expect(status).toBe(1)
  })

  it('name the gates there are when asked for another', async () => {
    const { status, output } = await check(home, 'tidiness')
    expect(output).toContain('there is no gate "tidiness"; there are: types, style, imports, dead code')
    expect(status).toBe(2)
  })
})

/** A tree of these files under this project's own configuration. */
function plant(files: Readonly<Record<string, string>>): string {
  const tree = mkdtempSync(join(tmpdir(), 'cacheproof-gates-'))
  trees.push(tree)
  for (const name of ['tsconfig.json', 'knip.json', '.gitignore']) cpSync(join(home, name), join(tree, name))
  writeFileSync(join(tree, 'biome.json'), biomeForSources())
  writeFileSync(join(tree, 'package.json'), emptyPackage())
  symlinkSync(join(home, 'node_modules'), join(tree, 'node_modules'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, name)), { recursive: true })
    writeFileSync(join(tree, name), text)
  }
  return tree
}

/** The planted tree is no git repository; its copied configuration stays in the form it has here. */
function biomeForSources(): string {
  const text = readFileSync(join(home, 'biome.json'), 'utf8')
  return text.replace(/ *"vcs": .*\n/, '').replace(/"files": \{ "includes": \[[^\]]*\]/, '"files": { "includes": ["src/**"]')
}

/** A package that depends on nothing: the small tree uses nothing. */
function emptyPackage(): string {
  return JSON.stringify({ name: 'planted', type: 'module', exports: './src/index.ts' })
}

function check(root: string, only?: string): Promise<{ readonly status: number; readonly output: string }> {
  const args = [join(home, 'scripts', 'check.mjs'), '--root', root, ...(only ? ['--only', only] : [])]
  return new Promise((resolve) => {
    execFile(process.execPath, args, { encoding: 'utf8' }, (error, stdout, stderr) => {
      resolve({ status: error ? Number(error.code) : 0, output: `${stderr}${stdout}` })
    })
  })
}
