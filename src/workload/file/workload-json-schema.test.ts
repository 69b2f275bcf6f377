import { describe, expect, it } from 'vitest'
import { FIXTURE_REGISTRY } from './spec-fixture.ts'
import { workloadJsonSchema } from './workload-json-schema.ts'

interface Node {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Node>>
  readonly anyOf?: readonly Node[]
  readonly items?: Node
  readonly [key: string]: unknown
}

const schema = workloadJsonSchema(FIXTURE_REGISTRY) as unknown as Node & { readonly allOf: readonly { if: Node; then: Node }[] }

/** Every key that may be written, by its path. */
function* keys(node: Node, path = ''): Iterable<readonly [string, Node]> {
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    yield [`${path}${name}`, child]
    yield* keys(child, `${path}${name}.`)
  }
  for (const child of [...(node.anyOf ?? []), ...(node.items ? [node.items] : [])]) yield* keys(child, path)
}

describe('the JSON Schema', () => {
  it('requires a name and a pattern, and nothing else', () => expect(schema['required']).toEqual(['name', 'pattern']))

  it('describes every key', () => {
    const all = [...keys(schema)]
    expect(all.length).toBeGreaterThan(40)
    expect(all.filter(([, node]) => !node.description).map(([path]) => path)).toEqual([])
  })

  it('says defaults as people write them', () => {
    const at = Object.fromEntries(keys(schema))
    expect(at['load.open.rate']).toMatchObject({ default: '500/s', type: 'string', examples: ['500/s', '20k/s'] })
    expect(at['deadline']).toMatchObject({ default: '1s' })
    expect(at['phases']).toMatchObject({ default: [{ 'warm-up': 'auto' }, { steady: '10s' }] })
    expect(at['values.size']).toMatchObject({ default: { lognormal: { median: '400B', p99: '4KB' } } })
  })

  it('offers the shorthands', () => {
    const at = Object.fromEntries(keys(schema))
    expect(at['keys.popularity']!.anyOf![0]).toEqual({ enum: ['uniform', 'zipf', 'latest', 'hotspot'] })
    expect(at['values.size']!.anyOf![0]).toMatchObject({ type: 'string' })
  })

  it("shows each pattern's own settings", () => {
    const aside = schema.allOf.find((one) => JSON.stringify(one.if).includes('"aside"'))
    expect(aside?.then.properties?.['with']).toMatchObject({
      additionalProperties: false,
      properties: { ttl: { default: '60s', description: 'Time to live.' }, on_write: { enum: ['invalidate', 'overwrite'] } },
    })
  })

  it('holds nothing of zod that JSON Schema does not know', () => {
    expect(JSON.stringify(schema)).not.toMatch(/inputExamples|insteadOf|valuesAre|9007199254740991/)
  })
})
