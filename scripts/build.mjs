// Builds the sources, benches and stand-ins of tests to dist with the TypeScript API (plain JavaScript: no native binary is needed).
// `--if-stale` builds only when a source is newer than the last build; `--declarations` writes the types of the public
// API too, which only a package needs. Types are `npm run check`'s business.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const stamp = join(dist, '.built')
// What stands in for servers runs as programs of its own, in tests and in long runs.
const rooms = ['src', 'properties', 'bench', 'test/support']

const sources = rooms.flatMap((room) => walk(join(root, room))).filter((file) => file.endsWith('.ts'))
const programs = sources.filter((file) => !/\.(test|contract)\.ts$/.test(file) && !file.endsWith('.d.ts'))

if (process.argv.includes('--if-stale') && existsSync(stamp)) {
  const builtAt = statSync(stamp).mtimeMs
  const known = readFileSync(stamp, 'utf8').split('\n')
  const now = programs.map((file) => relative(root, file))
  const configs = ['tsconfig.json', 'package.json', 'package-lock.json', 'scripts/build.mjs'].map((file) => join(root, file))
  const isFresh =
    known.length === now.length &&
    known.every((file, index) => file === now[index]) &&
    [...programs, ...configs].every((file) => !existsSync(file) || statSync(file).mtimeMs <= builtAt)
  if (isFresh) process.exit(0)
}

const typescript = await import('typescript').catch(() => undefined)
if (!typescript) {
  // An installed package has its dist already; only a checkout without its development packages gets here.
  if (existsSync(stamp)) process.exit(0)
  console.error('cacheproof: building needs the typescript package; run npm ci first')
  process.exit(1)
}
const ts = typescript.default
const configFile = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
const { options } = ts.parseJsonConfigFileContent(configFile.config, ts.sys, root)

// In place, and only what changed: programs that run from dist meanwhile never miss a file.
const written = new Set([stamp])
for (const file of programs) {
  const out = join(dist, relative(root, file)).replace(/\.ts$/, '.js')
  written.add(out)
  written.add(`${out}.map`)
  // Another build may run at the same time, and editors replace files: what is gone by now is not built.
  if (!existsSync(file) || isCurrent(out, file)) continue
  const { outputText, sourceMapText } = ts.transpileModule(readFileSync(file, 'utf8'), {
    // A single file has no package.json beside it that would say it is a module, so the kind is said here.
    compilerOptions: { ...options, declaration: false, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
    fileName: file,
  })
  mkdirSync(dirname(out), { recursive: true })
  if (sourceMapText) writeFileSync(`${out}.map`, sourceMapText)
  replace(out, outputText, out.endsWith('cli/main.js') ? 0o755 : 0o644)
}
for (const asset of rooms.flatMap((room) => walk(join(root, room))).filter((file) => /\.(css|svg|html|client\.js)$/.test(file))) {
  const out = join(dist, relative(root, asset))
  written.add(out)
  mkdirSync(dirname(out), { recursive: true })
  cpSync(asset, out)
}
for (const file of walk(dist)) if (!written.has(file) && !file.endsWith('.d.ts')) rmSync(file, { force: true })
if (process.argv.includes('--declarations')) writeDeclarations()
writeFileSync(stamp, programs.map((file) => relative(root, file)).join('\n'))

/** Types of what src/index.ts reaches, for programs that use the package. Whether they are right is `npm run check`'s business. */
function writeDeclarations() {
  const entries = [join(root, 'src', 'index.ts'), ...sources.filter((file) => file.endsWith('.d.ts'))]
  const program = ts.createProgram(entries, { ...options, noEmit: false, noCheck: true, emitDeclarationOnly: true, sourceMap: false })
  const { emitSkipped } = program.emit(undefined, (path, text) => {
    mkdirSync(dirname(path), { recursive: true })
    // What is beside a declaration when it is installed is JavaScript.
    replace(path, text.replace(/((?:from|import)\s*\(?\s*)(['"])(\.\.?\/[^'"]+)\.ts\2/g, '$1$2$3.js$2'), 0o644)
  })
  if (emitSkipped) throw new Error('the declarations could not be written')
}

/** Newer than its source and than what decides how it is built. */
function isCurrent(out, source) {
  if (!existsSync(out)) return false
  const builtAt = statSync(out).mtimeMs
  return [source, join(root, 'tsconfig.json'), join(root, 'scripts/build.mjs')].every((file) => statSync(file).mtimeMs < builtAt)
}

/** Whole or not at all, also for a reader in this moment. */
function replace(path, text, mode) {
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, text, { mode })
  renameSync(temporary, path)
}

function walk(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)]))
}
