// Writes the JSON Schemas that ship with the package, each generated from the definition that validates. Run it after
// changing one (node scripts/build.mjs && node scripts/schemas.mjs); with --check it only says which are out of date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const built = (path) => pathToFileURL(join(root, 'dist', path)).href

const schemas = [
  {
    file: 'reports/run.schema.json',
    needs: ['src/measure/run-json-schema.js'],
    make: async () => (await import(built('src/measure/run-json-schema.js'))).runJsonSchema(),
  },
  {
    file: 'workloads/workload.schema.json',
    needs: ['src/workload/file/workload-json-schema.js', 'src/workload/patterns/registry.js', 'src/chaos/registry.js'],
    make: async () => {
      const { workloadJsonSchema } = await import(built('src/workload/file/workload-json-schema.js'))
      const { PROGRAMS } = await import(built('src/workload/patterns/registry.js'))
      const { FAULTS } = await import(built('src/chaos/registry.js'))
      return workloadJsonSchema({ patterns: PROGRAMS, faults: FAULTS })
    },
  },
]

const checkOnly = process.argv.includes('--check')
let outdated = 0
for (const { file, needs, make } of schemas) {
  const missing = needs.filter((path) => !existsSync(join(root, 'dist', path)))
  if (missing.length > 0) {
    console.log(`skipped   ${file}: ${missing.join(', ')} is not built`)
    continue
  }
  const path = join(root, file)
  const text = `${JSON.stringify(await make(), undefined, 2)}\n`
  const current = existsSync(path) && readFileSync(path, 'utf8') === text
  if (current) {
    console.log(`current   ${file}`)
  } else if (checkOnly) {
    outdated++
    console.error(`outdated  ${file}: run node scripts/build.mjs && node scripts/schemas.mjs`)
  } else {
    writeFileSync(path, text)
    console.log(`written   ${relative(process.cwd(), path)}`)
  }
}
process.exitCode = outdated > 0 ? 1 : 0
