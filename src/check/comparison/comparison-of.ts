import { COMPARED, metricNamed } from '../../measure/metrics/catalogue.ts'
import type { RunResult } from '../../measure/run-result.ts'
import { type ComparedCell, type MeasuredAlternative, measureAlternative } from './alternatives.ts'
import type { Comparison, NamedContrast, VaryingFactor } from './comparison.ts'
import { comparisonNotes } from './comparison-notes.ts'
import { contrastOfCells } from './contrast-of-cells.ts'
import { DEFAULT_FIGURES, EQUIVALENT_WITHIN } from './default-figures.ts'
import { FAULT, NO_FAULT } from './factors.ts'
import { type FamilyMember, familyConfidence, fillFamily, pairMembers } from './fill-family.ts'
import { groupSubjects, type SubjectSet } from './group-subjects.ts'
import { inOrder } from './in-order.ts'
import { loadInWords } from './load-in-words.ts'
import { isRunFactor, RUN } from './run-factor.ts'
import { type Subject, subjectOfCell } from './subject.ts'
import { whyTooShort } from './varied-ttl.ts'
import { levelOf, varyingFactors } from './varying-factors.ts'

/** A run and the short name under which it is shown. */
export interface LabelledRun {
  readonly label: string
  readonly result: RunResult
}

export interface ComparisonOptions {
  /** The factor to compare by; every one that varies unless told. */
  readonly by?: string
  /** The level of that factor that the others are held against; the first one unless told. */
  readonly baseline?: string
  /** Names of metrics; those that the run was planned with unless told. */
  readonly figures?: readonly string[]
  readonly equivalentWithin?: number
}

/** Confidence of what is seen and not tested. */
const SEEN_CONFIDENCE = 0.95

type CellSet = SubjectSet<ComparedCell>

/** Alternatives of one run, or of several together, and how they differ. A pure function of the runs. */
export function comparisonOf(runs: readonly LabelledRun[], options: ComparisonOptions = {}): Comparison {
  const plan = runs[0]?.result.comparison
  const isByRun = isRunFactor(runs, options.by)
  const members = runs.flatMap(({ result }, run) => result.cells.map((cell): ComparedCell => ({ cell, run })))
  const found = groupSubjects(members, ({ cell, run }) => withRun(subjectOfCell(cell), isByRun ? runs[run]!.label : undefined))
  const factors = factorsOf(
    found.flatMap(({ sets }) => sets),
    runs,
    options,
  )
  const groups = found.map(({ key, sets }) => ({ key, sets: inOrder(sets, factors) }))
  const figures = (options.figures ?? plan?.figures ?? DEFAULT_FIGURES).map(metricNamed)
  const metrics = [...new Map([...figures, ...COMPARED].map((metric) => [metric.name, metric])).values()]
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
    const contrast = contrastOfCells(member.metric, baseline.members, candidate.members, { confidence, equivalentWithin, pairsAcrossRuns })
    if (!contrast) return []
    const { by, metric, group } = member
    const ids = { baseline: baseline.alternative.id, candidate: candidate.alternative.id }
    return [{ group: groupId(group), ...ids, by, figure: metric.name, tested, contrast } satisfies NamedContrast]
  }
  const isTested = ({ metric, baseline, candidate }: FamilyMember<CellSet>) =>
    family.members.some((one) => one.metric.name === metric.name && one.baseline === baseline && one.candidate === candidate)
  const seen = pairMembers(groups, factors, metrics, options.by).members.filter((member) => !isTested(member))
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
    notes: comparisonNotes(runs, [...alternatives.values()], family.modelled.length > 0),
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
function factorsOf(sets: readonly CellSet[], runs: readonly LabelledRun[], { by, baseline }: ComparisonOptions): readonly VaryingFactor[] {
  const planned = runs.flatMap(({ result }) => result.comparison?.factors ?? [])
  const levels: Record<string, readonly string[]> = Object.fromEntries(planned.map((factor) => [factor.name, factor.levels]))
  levels[RUN] = runs.map(({ label }) => label)
  if (by !== undefined && baseline !== undefined) levels[by] = [baseline, ...(levels[by] ?? []).filter((level) => level !== baseline)]
  const first = [...(by === undefined ? [] : [by]), ...planned.map(({ name }) => name)]
  return varyingFactors(
    sets.filter(isCached).map((set) => set.factors),
    { first: [...new Set(first)], levels },
  ).filter(({ name }) => name !== FAULT)
}

function isCached({ subject }: CellSet): boolean {
  return !subject.isWithoutCache
}

function faultOf({ factors }: Subject): string | undefined {
  const fault = factors[FAULT] ?? NO_FAULT
  return fault === NO_FAULT ? undefined : fault
}
