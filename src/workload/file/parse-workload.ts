import type { z } from 'zod'
import type { Workload } from '../workload.ts'
import { issueToProblems, type PlacedProblem, unknownKey } from './issue-to-problems.ts'
import { knownKeys } from './known-keys.ts'
import { type MappedProblem, parseYamlMapping, placeProblems, type YamlFileKind } from './parse-yaml-mapping.ts'
import { resolveWorkload } from './resolve-workload.ts'
import { workloadSchema } from './schema/workload-schema.ts'
import type { SourceMap } from './source-map.ts'
import { formatPath, type SpecError } from './spec-error.ts'
import type { SpecPattern, SpecRegistry } from './spec-registry.ts'

export type ParsedWorkload = { readonly ok: true; readonly workload: Workload } | { readonly ok: false; readonly errors: readonly SpecError[] }

/** A screenful of errors is what anybody reads. */
const MOST_ERRORS = 30
/**
 * A workload file -> a workload with every unit parsed and every default filled in, or everything that is wrong with
 * it, in the order of the file. `source` is the name for messages. Never throws for what a file can contain.
 */
export function parseWorkload(yaml: string, source: string, registry: SpecRegistry): ParsedWorkload {
  const parsed = parseYamlMapping(yaml, source, WORKLOAD_FILE)
  if (!parsed.ok) return { ok: false, errors: parsed.errors.slice(0, MOST_ERRORS) }
  const { value, map } = parsed
  const { workload, problems } = interpret(value, source, registry, map)
  if (problems.length === 0 && workload) return { ok: true, workload }
  return { ok: false, errors: placeProblems(problems, source, map).slice(0, MOST_ERRORS) }
}

const WORKLOAD_FILE: YamlFileKind = {
  name: 'workload',
  leastOfIt: 'at least its name and its pattern',
  example: 'a mapping with at least name and pattern, such as\n    name: my-workload\n    pattern: cache-aside',
}

function interpret(
  value: Record<string, unknown>,
  source: string,
  registry: SpecRegistry,
  map: SourceMap,
): { readonly workload?: Workload; readonly problems: readonly MappedProblem[] } {
  const schema = workloadSchema(registry)
  const parsed = schema.safeParse(value)
  const issues = parsed.success ? [] : withoutEchoes(parsed.error.issues)
  const problems: MappedProblem[] = issues.flatMap((issue) => issueToProblems(issue, schema, value))

  // Settings are checked even when something else is wrong, so that one look shows all there is to mend.
  const pattern = registry.patterns.find((one) => one.name === value['pattern'])
  const given = value['with'] ?? {}
  const settings =
    pattern && typeof given === 'object' && !Array.isArray(given) ? parseSettings(pattern, given as Record<string, unknown>) : undefined
  problems.push(...(settings?.problems ?? []))
  if (!parsed.success || !pattern || !settings) return { problems }

  const lineOf = (index: number) => map.position(map.value(['expect', index]).start).line
  const resolved = resolveWorkload(parsed.data, settings.value, pattern, source, lineOf)
  return { workload: resolved.workload, problems: [...problems, ...resolved.problems] }
}

/** A mapping with a misspelled key also lacks the right one: only the misspelling is reported. */
function withoutEchoes(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] {
  const misspelled = new Set(issues.filter((issue) => issue.code === 'unrecognized_keys').map((issue) => formatPath(issue.path)))
  return issues.filter((issue) => issue.code !== 'custom' || !misspelled.has(formatPath(issue.path)))
}

/** Under `with`: the pattern's own definition, and no key beyond it even where that definition would drop it silently. */
function parseSettings(
  pattern: SpecPattern,
  given: Record<string, unknown>,
): { readonly value: unknown; readonly problems: readonly PlacedProblem[] } {
  const parsed = pattern.settings.safeParse(given)
  const known = knownKeys(pattern.settings, [])
  const strangers = known === undefined ? [] : Object.keys(given).filter((key) => !known.includes(key))
  const issues = parsed.success ? [] : parsed.error.issues.filter((issue) => issue.code !== 'unrecognized_keys' || issue.path.length > 0)
  const problems = [
    ...strangers.map((key) => unknownKey([], key, known ?? [])),
    ...issues.flatMap((issue) => issueToProblems(issue, pattern.settings, given)),
  ]
  return { value: parsed.data, problems: problems.map((problem) => ({ ...problem, path: ['with', ...problem.path] })) }
}
