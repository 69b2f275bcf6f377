// The static gates: types, Biome, import directions, dead code. Each says how many files it saw, and one that saw
// none has failed: a gate that looks at nothing is no gate. `--root DIR` checks another tree (the gates' own test).
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const home = fileURLToPath(new URL('..', import.meta.url))
const argument = (name) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined)
const root = resolve(argument('--root') ?? home)
const only = argument('--only')
const bin = (name) => join(home, 'node_modules', '.bin', name)
const rooms = ['src', 'properties', 'bench', 'test'].filter((room) => existsSync(join(root, room)))

const gates = {
  types: () => {
    const result = run(bin('tsc'), ['--noEmit', '-p', root])
    const files = run(bin('tsc'), ['--listFilesOnly', '-p', root])
      .output.split('\n')
      .filter((file) => file && !file.includes('node_modules'))
    return { ...result, seen: files.length }
  },
  style: () => {
    const result = run(bin('biome'), ['check', '--error-on-warnings', '--max-diagnostics=50', root])
    return { ...result, seen: Number(/Checked (\d+) files?/.exec(result.output)?.[1] ?? 0) }
  },
  imports: () => {
    const config = join(home, '.dependency-cruiser.cjs')
    const summary = run(bin('depcruise'), ['--config', config, '--output-type', 'json', ...rooms])
    const text = run(bin('depcruise'), ['--config', config, '--output-type', 'err', ...rooms])
    let seen = 0
    try {
      seen = JSON.parse(summary.output).modules.filter(({ source }) => /^(src|properties|bench|test)\//.test(source)).length
    } catch {
      // Not JSON: nothing was cruised, and the text says why.
    }
    return { status: text.status, output: text.output, seen }
  },
  'dead code': () => {
    const result = run(bin('knip'), ['--no-progress', '--directory', root])
    const traced = run(bin('knip'), ['--no-progress', '--no-exit-code', '--debug', '--directory', root])
    return { ...result, seen: (traced.output.match(/\.ts\b/g) ?? []).length }
  },
}

let failed = 0
for (const [name, gate] of Object.entries(gates)) {
  if (only && only !== name) continue
  const { status, output, seen } = gate()
  const nothingSeen = status === 0 && seen === 0
  if (status !== 0 || nothingSeen) {
    failed++
    console.error(output.trim())
  }
  console.log(`${status !== 0 || nothingSeen ? 'FAILED' : 'ok    '}  ${name}${nothingSeen ? ': it found no modules at all' : ''}`)
}
process.exitCode = failed > 0 ? 1 : 0

function run(program, args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 })
  return { status: status ?? 1, output: `${stdout ?? ''}${stderr ?? ''}${error ? error.message : ''}` }
}
