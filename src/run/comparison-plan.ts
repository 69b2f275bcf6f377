import { arrange } from '../check/comparison/arrange.ts'
import { DEFAULT_FIGURES, EQUIVALENT_WITHIN } from '../check/comparison/default-figures.ts'
import { familyInWords } from '../check/comparison/family-in-words.ts'
import { fillFamily } from '../check/comparison/fill-family.ts'
import { figuresWith, type Gate, parseGate } from '../check/comparison/gate.ts'
import { metricNamed } from '../measure/metrics/catalogue.ts'
import type { ComparisonPlan } from '../measure/run-result.ts'
import { UsageError } from '../runtime/usage-error.ts'
import { parseTargetUrl } from '../targets/url/target-url.ts'
import type { Variation } from '../workload/file/variation.ts'
import type { Workload } from '../workload/workload.ts'
import type { CellPlan } from './cell/cell-plan.ts'
import { planSubject } from './cell/plan-subject.ts'

export interface ComparisonWishes {
  readonly variations?: readonly Variation[]
  /** Names of metrics, in the order in which the family is filled. */
  readonly figures?: readonly string[]
  /** A share: 0.05. */
  readonly equivalentWithin?: number
  /** Their figures come first in the family. */
  readonly gates?: readonly Gate[]
}

/** What a run is to compare: factors with their levels in the order in which they were given, the baseline first. */
export function comparisonPlan(
  { workloads, targets, clients, blocks }: { workloads: readonly Workload[]; targets: readonly string[]; clients: readonly string[]; blocks: number },
  { variations = [], figures = DEFAULT_FIGURES, equivalentWithin, gates = [] }: ComparisonWishes,
): ComparisonPlan {
  const given = [
    ...variations.map(({ path, values }) => ({ name: path, levels: [...values] })),
    { name: 'workload', levels: workloads.map(({ name, variant }) => variant?.of ?? name) },
    { name: 'target', levels: targets.map((url) => parseTargetUrl(url).label) },
    { name: 'client', levels: [...clients] },
  ]
  return {
    factors: given.map(({ name, levels }) => ({ name, levels: [...new Set(levels)] })).filter(({ levels }) => levels.length > 1),
    figures: figuresWith(gates, figures),
    blocks,
    equivalentWithin: equivalentWithin ?? EQUIVALENT_WITHIN,
    ...(gates.length > 0 && { failOn: gates.map(({ text }) => text) }),
  }
}

/**
 * The family that these cells will make, in words: told before the run. Throws `UsageError` for a gate on a figure that
 * nothing in it has.
 */
export function announcedFamily(plans: readonly CellPlan[], { factors, figures, blocks, failOn = [] }: ComparisonPlan): readonly string[] {
  const levels = Object.fromEntries(factors.map((factor) => [factor.name, factor.levels]))
  const firstBlock = plans.filter(({ block }) => block === 0)
  const arrangement = arrange(firstBlock, planSubject, { first: factors.map(({ name }) => name), levels })
  const family = fillFamily(arrangement.groups, arrangement.factors, figures.map(metricNamed))
  for (const text of failOn) {
    const gate = parseGate(text)
    if ('problem' in gate || family.figures.includes(gate.metric.name)) continue
    throw new UsageError(
      `--fail-on '${text}': nothing in this run can be compared by ${gate.metric.name}`,
      family.figures.length === 0
        ? 'expected at least two alternatives: two workloads, two targets, or --vary'
        : `what it compares: ${family.figures.join(', ')}`,
    )
  }
  return familyInWords(family, blocks)
}
