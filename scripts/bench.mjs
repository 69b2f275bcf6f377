// Our own hot paths: `npm run bench [-- name...]` runs dist/bench/*.bench.js one after the other. Each prints its
// table and, where it compares, records a ratio under bench/results/.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../dist/bench', import.meta.url))
const wanted = process.argv.slice(2)
const files = readdirSync(folder).filter(
  (file) => file.endsWith('.bench.js') && (wanted.length === 0 || wanted.includes(file.slice(0, -'.bench.js'.length))),
)
if (files.length === 0) {
  console.error(
    `no bench of that name; there are: ${readdirSync(folder)
      .filter((file) => file.endsWith('.bench.js'))
      .map((file) => file.slice(0, -9))
      .join(', ')}`,
  )
  process.exit(2)
}
let failed = 0
for (const file of files) {
  console.log(`\n${file}`)
  if (spawnSync(process.execPath, ['--expose-gc', join(folder, file)], { stdio: 'inherit' }).status !== 0) failed++
}
process.exitCode = failed > 0 ? 1 : 0
