// Bars that take over a minute: `npm run long -- <name> [WORD] [--sequences N] [--seed N]`. Seeded, resumable (a run that
// was stopped goes on where it was), its result kept under bench/results/<name>.json with date and machine.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'dist', 'bench', 'long')
const names = existsSync(folder)
  ? readdirSync(folder)
      .filter((file) => file.endsWith('.js'))
      .map((file) => file.slice(0, -3))
  : []
const [name, ...rest] = process.argv.slice(2)

if (!name || !names.includes(name)) {
  console.error(`${name ? `there is no long run "${name}"; ` : ''}usage: npm run long -- <${names.join(' | ')}> [--flag value]...`)
  process.exit(2)
}
const flags = {}
// A word without a flag is what a bar is about, where it is about one thing at a time: `mutants audit`.
if (rest[0] !== undefined && !rest[0].startsWith('--')) flags.subject = rest.shift()
for (let at = 0; at < rest.length; at += 2) {
  const value = rest[at + 1]
  if (!rest[at]?.startsWith('--') || value === undefined) {
    console.error(`expected --flag value, got "${rest.slice(at).join(' ')}"`)
    process.exit(2)
  }
  flags[rest[at].slice(2)] = /^\d+$/.test(value) ? Number(value) : value
}

const results = join(root, 'bench', 'results')
mkdirSync(results, { recursive: true })
const stateFile = join(root, 'bench', 'results', `.${name}.state.json`)
const saved = existsSync(stateFile) ? JSON.parse(readFileSync(stateFile, 'utf8')) : undefined
const resume = saved && JSON.stringify(saved.flags) === JSON.stringify(flags) ? saved.progress : undefined
if (resume) console.log(`resuming ${name} at ${JSON.stringify(resume).slice(0, 200)}`)

const machine = { cpus: `${cpus().length} x ${cpus()[0]?.model.trim()}`, kernel: release(), node: process.version }
const { run, subject } = await import(join(folder, `${name}.js`))
if (flags.subject !== undefined && subject === undefined) {
  console.error(`${name} takes flags only, got "${flags.subject}"`)
  process.exit(2)
}
const result = await run({
  ...flags,
  root,
  machine,
  resume,
  progress(progress, line) {
    writeFileSync(stateFile, JSON.stringify({ flags, progress }))
    if (line) console.log(line)
  },
})
writeFileSync(join(results, `${name}.json`), `${JSON.stringify({ name, date: new Date().toISOString(), machine, flags, ...result }, null, 2)}\n`)
rmSync(stateFile, { force: true })
console.log(`${result.ok ? 'holds' : 'FAILS'}: bench/results/${name}.json`)
process.exit(result.ok ? 0 : 1)
