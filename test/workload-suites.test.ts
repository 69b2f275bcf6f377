import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { FAULTS } from '../src/chaos/registry.ts'
import { readWorkloadFile } from '../src/workload/file/read-workload-file.ts'
import { formatSpecError } from '../src/workload/file/spec-error.ts'
import { workloadJsonSchema } from '../src/workload/file/workload-json-schema.ts'
import { PROGRAMS } from '../src/workload/patterns/registry.ts'

const folder = fileURLToPath(new URL('../workloads/', import.meta.url))
const registry = { patterns: PROGRAMS, faults: FAULTS }
const suites = readdirSync(folder).filter((file) => file.endsWith('.yaml'))

describe('the suites', () => {
  test.each(suites)('%s is valid, and named as its file', (file) => {
    const read = readWorkloadFile(join(folder, file), registry)
    if (!read.ok) throw new Error(read.errors.map(formatSpecError).join('\n'))
    expect(`${read.workload.name}.yaml`).toBe(file)
    expect(read.workload.description.length).toBeGreaterThan(20)
    // Without a database there is no baseline; with one, a run of both families takes three times this.
    const measured = read.workload.phases.filter(({ warmUp }) => !warmUp)
    expect(measured.reduce((sum, phase) => sum + phase.durationNanos, 0)).toBeLessThanOrEqual(10e9)
    // Nobody waits longer than this for a steady state that does not come.
    expect(read.workload.phases.reduce((sum, phase) => sum + phase.durationNanos, 0)).toBeLessThanOrEqual(20e9)
  })

  test.each(suites)('%s tells editors where its schema is', (file) => {
    expect(readFileSync(join(folder, file), 'utf8').split('\n')[0]).toBe('# yaml-language-server: $schema=./workload.schema.json')
  })

  test('every program has one', () => {
    const used = new Set(
      suites.map((file) => {
        const read = readWorkloadFile(join(folder, file), registry)
        return read.ok ? read.workload.pattern : ''
      }),
    )
    // The program without a cache is what the others are measured against; it runs beside them by itself.
    for (const { name } of PROGRAMS) if (name !== 'none') expect(used).toContain(name)
  })
})

// When it fails after a change to the definition: npx vitest run test/workload-suites.test.ts -u
test('workload.schema.json is what the definition generates', async () => {
  await expect(`${JSON.stringify(workloadJsonSchema(registry), undefined, 2)}\n`).toMatchFileSnapshot(join(folder, 'workload.schema.json'))
})
