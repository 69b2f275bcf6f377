import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { runJsonSchema } from './run-json-schema.ts'

describe('reports/run.schema.json', () => {
  it('is what the definition generates (if not: node scripts/build.mjs && node scripts/schemas.mjs)', () => {
    const committed = readFileSync(fileURLToPath(new URL('../../reports/run.schema.json', import.meta.url)), 'utf8')
    expect(committed).toBe(`${JSON.stringify(runJsonSchema(), undefined, 2)}\n`)
  })

  it('describes cells down to their latencies', () => {
    const schema = runJsonSchema() as { properties: { cells: { items: { properties: { series: { required: string[] } } } } } }
    expect(schema.properties.cells.items.properties.series.required).toContain('p99Nanos')
  })
})
