import type { Metric } from '../../measure/metrics/metric.ts'
import type { Family, VaryingFactor } from './comparison.ts'
import { contrastPairs } from './contrast-pairs.ts'
import { isAskedOf, isMeasurable, isSharedModel } from './measurable.ts'
import type { Subject } from './subject.ts'

/** What is tested together shares one chance of a false word: with more than this, each could show large differences only. */
export const LARGEST_FAMILY = 8
/** Chance of a false word in the whole family. */
export const FAMILY_ERROR = 0.05

interface SetOfGroup {
  readonly subject: Subject
  readonly factors: Subject['factors']
}

export interface FamilyMember<Set> {
  readonly metric: Metric
  readonly group: string
  readonly by: string
  readonly baseline: Set
  readonly candidate: Set
}

export interface FilledFamily<Set> extends Family {
  readonly members: readonly FamilyMember<Set>[]
}

/** (Alternative against baseline) x figures, figure by figure in the order in which they are named, until it is full. */
export function fillFamily<Set extends SetOfGroup>(
  groups: readonly Group<Set>[],
  factors: readonly VaryingFactor[],
  figures: readonly Metric[],
  by?: string,
): FilledFamily<Set> {
  const { members: all } = pairMembers(groups, factors, figures, by)
  const members = all.slice(0, LARGEST_FAMILY)
  return {
    figures: [...new Set(members.map(({ metric }) => metric.name))],
    size: members.length,
    cut: all.slice(LARGEST_FAMILY).map(({ metric }) => metric.name),
    members,
  }
}

interface Group<Set> {
  readonly key: string
  readonly sets: readonly Set[]
}

export interface PairMembers<Set> {
  readonly members: readonly FamilyMember<Set>[]
  /** Equal by construction, whether asked for or only drawn: two engines behind one model of a network. */
  readonly modelled: readonly FamilyMember<Set>[]
}

/** Everything that could be compared by these figures, figure by figure; apart from it what cannot differ. */
export function pairMembers<Set extends SetOfGroup>(
  groups: readonly Group<Set>[],
  factors: readonly VaryingFactor[],
  figures: readonly Metric[],
  by?: string,
): PairMembers<Set> {
  const members: FamilyMember<Set>[] = []
  const modelled: FamilyMember<Set>[] = []
  const pairs = groups.flatMap(({ key, sets }) => contrastPairs(sets, factors, by).map((pair) => ({ group: key, ...pair })))
  for (const metric of figures) {
    for (const pair of pairs) {
      const [baseline, candidate] = [pair.baseline.subject, pair.candidate.subject]
      if (isSharedModel(metric, pair.by, baseline, candidate)) modelled.push({ metric, ...pair })
      else if ([baseline, candidate].every((subject) => isAskedOf(metric, subject) && isMeasurable(metric, subject)))
        members.push({ metric, ...pair })
    }
  }
  return { members, modelled }
}

/** Of each interval and word. */
export function familyConfidence({ size }: Pick<Family, 'size'>): number {
  return 1 - FAMILY_ERROR / Math.max(1, size)
}
