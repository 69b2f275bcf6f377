import { type Gate, parseGate } from '../check/comparison/gate.ts'
import { metricNames, nearestMetric, resolveMetric } from '../measure/metrics/catalogue.ts'
import { UsageError } from '../runtime/usage-error.ts'
import { formatSpecError } from '../workload/file/spec-error.ts'
import { parseRatio } from '../workload/file/units.ts'
import { parseVariation, type Variation } from '../workload/file/variation.ts'

export interface ComparisonFlags {
  readonly figures?: string
  readonly equivalentWithin?: string
  readonly failOn?: readonly string[]
}

/** A family of differences is tested within this share at most: beyond it everything would be equivalent. */
const MOST_EQUIVALENT = 0.5

/** Throws `UsageError` for what is no metric or no share. */
export function comparisonFlags({ figures, equivalentWithin, failOn }: ComparisonFlags): {
  readonly figures?: readonly string[]
  readonly equivalentWithin?: number
  readonly gates: readonly Gate[]
} {
  return {
    ...(figures !== undefined && { figures: parseFigures(figures) }),
    ...(equivalentWithin !== undefined && { equivalentWithin: parseShare(equivalentWithin) }),
    gates: (failOn ?? []).map(gateOf),
  }
}

function parseFigures(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim())
  for (const name of names) {
    if (resolveMetric(name, [])?.overall === false) continue
    const meant = nearestMetric(name, [])
    throw new UsageError(
      `--figures: there is no figure "${name}"`,
      meant === undefined ? `expected some of ${metricNames([]).slice(0, 8).join(', ')} ... (cacheproof list metrics)` : `did you mean ${meant}?`,
    )
  }
  const twice = names.find((name, index) => names.indexOf(name) < index)
  if (twice !== undefined) throw new UsageError(`--figures: "${twice}" stands twice`, 'each figure once')
  return names
}

function gateOf(text: string): Gate {
  const gate = parseGate(text)
  if ('problem' in gate) throw new UsageError(`--fail-on: ${gate.problem}`, gate.expected)
  return gate
}

function parseShare(text: string): number {
  const parsed = parseRatio(text)
  if (parsed.ok && parsed.value > 0 && parsed.value <= MOST_EQUIVALENT) return parsed.value
  throw new UsageError(`--equivalent-within: "${text}" is no share to compare within`, 'a share above 0 % and up to 50 %, such as 5%')
}

/** Throws `UsageError` with everything that is wrong in any of them. */
export function parseVariations(texts: readonly string[]): readonly Variation[] {
  const parsed = texts.map(parseVariation)
  const errors = parsed.flatMap((one) => ('path' in one && 'values' in one ? [] : [one]))
  if (errors.length > 0) throw new UsageError(errors.map(formatSpecError).join('\n'))
  const variations = parsed.flatMap((one) => ('values' in one ? [one] : []))
  const twice = variations.find(({ path }, index) => variations.findIndex((other) => other.path === path) < index)
  if (twice) throw new UsageError(`--vary: ${twice.path} is varied twice`, 'all of its values in one --vary')
  return variations
}
