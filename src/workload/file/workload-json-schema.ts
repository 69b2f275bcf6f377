import { z } from 'zod'
import { workloadSchema } from './schema/workload-schema.ts'
import type { SpecPattern, SpecRegistry } from './spec-registry.ts'

/**
 * The JSON Schema (draft 2020-12) of workload files, for completion and hints in editors. Generated from the
 * definition that validates, so the two can't differ in keys, defaults and words; `with` depends on the pattern.
 */
export function workloadJsonSchema(registry: SpecRegistry): Record<string, unknown> {
  const schema = toJsonSchema(workloadSchema(registry))
  return { ...schema, allOf: registry.patterns.map(settingsOf) }
}

/** If the pattern is this one, then `with` looks like its settings. */
function settingsOf(pattern: SpecPattern): object {
  const { $schema: _, ...settings } = toJsonSchema(pattern.settings)
  return {
    if: { properties: { pattern: { const: pattern.name } }, required: ['pattern'] },
    // biome-ignore lint/suspicious/noThenProperty: `then` is the JSON Schema keyword; nothing awaits this object.
    then: { properties: { with: { ...settings, additionalProperties: false } } },
  }
}

function toJsonSchema(type: z.ZodType): Record<string, unknown> {
  return z.toJSONSchema(type, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      const node = jsonSchema as Record<string, unknown>
      // What zod drops or can't say, and the fields and `tagged` say in their metadata.
      move(node, 'inputExamples', 'examples')
      move(node, 'valuesAre', 'additionalProperties')
      const words = node['insteadOf'] as object[] | undefined
      delete node['insteadOf']
      if (words !== undefined && words.length > 0 && node['properties'] !== undefined) wrapInAnyOf(node, words)
      if (node['maximum'] === Number.MAX_SAFE_INTEGER) delete node['maximum']
      if (node['minimum'] === Number.MIN_SAFE_INTEGER) delete node['minimum']
    },
  }) as Record<string, unknown>
}

function move(node: Record<string, unknown>, from: string, to: string): void {
  if (node[from] === undefined) return
  node[to] = node[from]
  delete node[from]
}

/** The mapping becomes one of several alternatives; what describes the whole stays outside. */
function wrapInAnyOf(node: Record<string, unknown>, words: readonly object[]): void {
  const mapping: Record<string, unknown> = {}
  for (const key of ['type', 'properties', 'required', 'additionalProperties', 'minProperties', 'maxProperties']) {
    if (node[key] === undefined) continue
    mapping[key] = node[key]
    delete node[key]
  }
  node['anyOf'] = [...words, mapping]
}
