import type { Contrast } from '../../measure/inference/contrast.ts'
import { COMPARED, metricNamed } from '../../measure/metrics/catalogue.ts'
import { costMetric, type Prices } from '../../measure/prices.ts'
import { type ComparedCell, type MeasuredAlternative, measureAlternative } from './alternatives.ts'
import { arrange } from './arrange.ts'
import type { Comparison, NamedContrast } from './comparison.ts'
import { comparisonNotes } from './comparison-notes.ts'
import { contrastOfCells, scaleOf } from './contrast-of-cells.ts'
import { DEFAULT_FIGURES, EQUIVALENT_WITHIN } from './default-figures.ts'
import { FAULT, NO_FAULT } from './factors.ts'
import { type FamilyMember, familyConfidence, fillFamily, pairMembers } from './fill-family.ts'
import type { SubjectSet } from './group-subjects.ts'
import type { LabelledRun } from './labelled-run.ts'
import { loadInWords } from './load-in-words.ts'
import { isRunFactor, RUN } from './run-factor.ts'
import { type Subject, subjectOfCell } from './subject.ts'
import { whyTooShort } from './varied-ttl.ts'
import { levelOf, type VaryingOptions } from './varying-factors.ts'

export interface ComparisonOptions {
  /** The factor to compare by; every one that varies unless told. */
  readonly by?: string
  /** The level of that factor that the others are held against; the first one unless told. */
  readonly baseline?: string
  /** Names of metrics; those that the run was planned with unless told. */
  readonly figures?: readonly string[]
  readonly equivalentWithin?: number
  /** What alternatives cost stands beside their other figures; without them there is no money anywhere. */
  readonly prices?: Prices
}

/** Confidence of what is seen and not tested. */
const SEEN_CONFIDENCE = 0.95

type CellSet = SubjectSet<ComparedCell>

/** Alternatives of one run, or of several together, and how they differ. A pure function of the runs. */
export function comparisonOf(runs: readonly LabelledRun[], options: ComparisonOptions = {}): Comparison {
  const plan = runs[0]?.result.comparison
  const isByRun = isRunFactor(runs, options.by)
  const members = runs.flatMap(({ result }, run) => result.cells.map((cell): ComparedCell => ({ cell, run })))
  const subjectOf = ({ cell, run }: ComparedCell) => withRun(subjectOfCell(cell), isByRun ? runs[run]!.label : undefined)
  const { factors, groups } = arrange(members, subjectOf, orderOfFactors(runs, options))
  const figures = (options.figures ?? plan?.figures ?? DEFAULT_FIGURES).map(metricNamed)
  const priced = options.prices === undefined ? [] : [costMetric(options.prices)]
  const metrics = [...new Map([...figures, ...COMPARED, ...priced].map((metric) => [metric.name, metric])).values()]
  const family = fillFamily(groups, factors, figures, options.by)

  const definitions = Math.max(0, ...members.map(({ cell }) => cell.definitions))
  const alternatives = new Map<CellSet, MeasuredAlternative>()
  for (const { sets } of groups) {
    const telling = factors.filter(({ name }) => new Set(sets.filter(isCached).map((set) => levelOf(set.factors, name))).size > 1)
    for (const set of sets) {
      const id = `alternative-${alternatives.size + 1}`
      alternatives.set(set, measureAlternative(set, { id, factors: telling, metrics, definitions, tooShort: tooShort(set, sets) }))
    }
  }
  const groupId = (key: string) => `group-${groups.findIndex((group) => group.key === key) + 1}`
  const equivalentWithin = options.equivalentWithin ?? plan?.equivalentWithin ?? EQUIVALENT_WITHIN
  const pairsAcrossRuns = runs.every(({ result }) => result.virtual && result.seed === runs[0]!.result.seed)
  const named = (confidence: number, tested: boolean) => (member: FamilyMember<CellSet>) => {
    const [baseline, candidate] = [alternatives.get(member.baseline)!, alternatives.get(member.candidate)!]
    const options = { confidence, equivalentWithin, pairsAcrossRuns }
    const contrast =
      contrastOfCells(member.metric, baseline.members, candidate.members, options) ?? (tested ? notMeasured(member, options) : undefined)
    if (!contrast) return []
    const { by, metric, group } = member
    const ids = { baseline: baseline.alternative.id, candidate: candidate.alternative.id }
    return [{ group: groupId(group), ...ids, by, figure: metric.name, tested, contrast } satisfies NamedContrast]
  }
  /** What was to be tested is told of, also where it came to nothing: whoever gates by it must not take silence for consent. */
  const notMeasured = ({ metric, baseline, candidate }: FamilyMember<CellSet>, { confidence }: { readonly confidence: number }): Contrast => {
    const sides = [baseline, candidate].map((set) => alternatives.get(set)!.alternative)
    const why = sides.map(({ name, leftOut, figures }) =>
      figures[metric.name] && !leftOut ? undefined : `${name}: ${leftOut ?? `no ${metric.head} was measured`}`,
    )
    return {
      scale: scaleOf(metric),
      paired: false,
      blocks: 0,
      estimate: null,
      confidence,
      why: why.filter((one) => one !== undefined).join('; ') || 'no block has it on both sides',
    }
  }
  const isTested = ({ metric, baseline, candidate }: FamilyMember<CellSet>) =>
    family.members.some((one) => one.metric.name === metric.name && one.baseline === baseline && one.candidate === candidate)
  const { members: all, modelled } = pairMembers(groups, factors, metrics, options.by)
  const seen = all.filter((member) => !isTested(member))
  return {
    factors,
    groups: groups.map(({ key, sets }) => ({
      id: groupId(key),
      load: loadInWords(sets[0]!.members[0]!.cell),
      fault: faultOf(sets[0]!.subject),
      alternatives: sets.map((set) => alternatives.get(set)!.alternative),
    })),
    family: { figures: family.figures, size: family.size, cut: family.cut },
    contrasts: [...family.members.flatMap(named(familyConfidence(family), true)), ...seen.flatMap(named(SEEN_CONFIDENCE, false))],
    modelled: modelled.map(({ group, baseline, candidate, metric }) => ({
      group: groupId(group),
      baseline: alternatives.get(baseline)!.alternative.id,
      candidate: alternatives.get(candidate)!.alternative.id,
      figure: metric.name,
    })),
    ...(options.prices && { currency: options.prices.currency }),
    notes: [
      ...priced.map(({ summary }) => summary),
      ...comparisonNotes(
        runs,
        [...alternatives.values()],
        modelled.flatMap(({ baseline, candidate }) => [baseline, candidate].map((set) => set.factors)),
      ),
    ],
  }
}

/** Among variants of one workload that differ in their TTL. Between workloads it is what it is. */
function tooShort(set: CellSet, sets: readonly CellSet[]): string | undefined {
  const cellsOf = (one: CellSet) => one.members.map(({ cell }) => cell)
  const variants = sets.filter((one) => isCached(one) && one.factors['workload'] === set.factors['workload'])
  return isCached(set) ? whyTooShort(cellsOf(set), variants.flatMap(cellsOf)) : undefined
}

function withRun(subject: Subject, run: string | undefined): Subject {
  return run === undefined ? subject : { ...subject, factors: { ...subject.factors, [RUN]: run } }
}

/** What was varied by name, and what is asked for, comes before what follows from it; its baseline before its other levels. */
function orderOfFactors(runs: readonly LabelledRun[], { by, baseline }: ComparisonOptions): VaryingOptions {
  const planned = runs.flatMap(({ result }) => result.comparison?.factors ?? [])
  const levels: Record<string, readonly string[]> = Object.fromEntries(planned.map((factor) => [factor.name, factor.levels]))
  levels[RUN] = runs.map(({ label }) => label)
  if (by !== undefined && baseline !== undefined) levels[by] = [baseline, ...(levels[by] ?? []).filter((level) => level !== baseline)]
  return { first: [...new Set([...(by === undefined ? [] : [by]), ...planned.map(({ name }) => name)])], levels }
}

function isCached({ subject }: CellSet): boolean {
  return !subject.isWithoutCache
}

function faultOf({ factors }: Subject): string | undefined {
  const fault = factors[FAULT] ?? NO_FAULT
  return fault === NO_FAULT ? undefined : fault
}
