// The static gates: types, Biome, import directions, dead code, all at once. Each says how many files it saw, and one
// that saw none has failed: a gate that looks at nothing is no gate. `--root DIR` checks another tree (the gates' own
// test, with the configuration of this one where the tree has none), `--only GATE` one gate.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const home = fileURLToPath(new URL('..', import.meta.url))
const argument = (name) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined)
const root = resolve(argument('--root') ?? home)
const only = argument('--only')
const rooms = ['src', 'properties', 'bench', 'test'].filter((room) => existsSync(join(root, room)))

const gates = {
  types: async () => {
    const { status, output } = await run('tsc', ['--noEmit', '--listFiles', '-p', root])
    const lines = output.split('\n')
    const isFile = (line) => /^\/.*\.[cm]?tsx?$/.test(line)
    const seen = lines.filter((line) => isFile(line) && !line.includes('/node_modules/')).length
    return { status, output: lines.filter((line) => !isFile(line)).join('\n'), seen }
  },
  style: async () => {
    const result = await run('biome', ['check', '--error-on-warnings', '--max-diagnostics=50', root])
    const checked = Number(/Checked (\d+) files?/.exec(result.output)?.[1] ?? 0)
    // Biome always looks at its own configuration: that is no file of the tree.
    return { ...result, seen: Math.max(0, checked - (existsSync(join(root, 'biome.json')) ? 1 : 0)) }
  },
  imports: async () => {
    const { status, output } = await run('depcruise', ['--config', join(home, '.dependency-cruiser.cjs'), '--output-type', 'json', ...rooms])
    try {
      const { modules, summary } = JSON.parse(output)
      const words = ({ rule, from, to, cycle }) =>
        `${rule.severity} ${rule.name}: ${[from, ...(cycle?.map(({ name }) => name) ?? [to])].join(' -> ')}`
      const broken = summary.violations.filter(({ rule }) => rule.severity === 'error')
      const seen = modules.filter(({ source }) => /^(src|properties|bench|test)\//.test(source)).length
      return { status: broken.length > 0 ? 1 : 0, output: broken.map(words).join('\n'), seen }
    } catch {
      // Not JSON: nothing was cruised, and the text says why.
      return { status: status || 1, output, seen: 0 }
    }
  },
  'dead code': async () => {
    const reporter = join(home, 'scripts', 'knip-count.mjs')
    const result = await run('knip', ['--no-progress', '--reporter', 'symbols', '--reporter', reporter, '--directory', root])
    return { ...result, seen: Number(/^files seen: (\d+)$/m.exec(result.output)?.[1] ?? 0) }
  },
}

if (only && !(only in gates)) {
  console.error(`there is no gate "${only}"; there are: ${Object.keys(gates).join(', ')}`)
  process.exit(2)
}
const wanted = Object.entries(gates).filter(([name]) => !only || only === name)
const results = await Promise.all(wanted.map(([, gate]) => gate()))
let failed = 0
for (const [index, [name]] of wanted.entries()) {
  const { status, output, seen } = results[index]
  const sawNothing = seen === 0
  if (status !== 0 || sawNothing) {
    failed++
    if (output.trim()) console.error(output.trim())
  }
  const words = sawNothing ? 'it found no modules at all' : `${seen} ${seen === 1 ? 'file' : 'files'}`
  console.log(`${status !== 0 || sawNothing ? 'FAILED' : 'ok    '}  ${name}: ${words}`)
}
process.exitCode = failed > 0 ? 1 : 0

/** A development package's program, in the tree under check. */
function run(program, args) {
  return new Promise((done) => {
    const child = spawn(join(home, 'node_modules', '.bin', program), args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const keep = (chunk) => {
      output += chunk
    }
    child.stdout.setEncoding('utf8').on('data', keep)
    child.stderr.setEncoding('utf8').on('data', keep)
    child.once('error', (error) => done({ status: 1, output: `${relative(home, program)}: ${error.message}` }))
    child.once('close', (status) => done({ status: status ?? 1, output }))
  })
}
