import type { VaryingFactor } from './comparison.ts'
import { FAULT } from './factors.ts'
import { groupSubjects, type SubjectGroup } from './group-subjects.ts'
import { inOrder } from './in-order.ts'
import type { Subject } from './subject.ts'
import { type VaryingOptions, varyingFactors } from './varying-factors.ts'

/** What can be compared with what: of cells that were planned as of those that were run. */
export interface Arrangement<Member> {
  /** In which alternatives differ; a fault is none, since what it strikes stands in a group of its own. */
  readonly factors: readonly VaryingFactor[]
  /** Alternatives under one load each, in the order of their levels. */
  readonly groups: readonly SubjectGroup<Member>[]
}

export function arrange<Member>(members: readonly Member[], subjectOf: (member: Member) => Subject, options: VaryingOptions): Arrangement<Member> {
  const groups = groupSubjects(members, subjectOf)
  const cached = groups.flatMap(({ sets }) => sets).filter(({ subject }) => !subject.isWithoutCache)
  const factors = varyingFactors(
    cached.map((set) => set.factors),
    options,
  ).filter(({ name }) => name !== FAULT)
  return { factors, groups: groups.map(({ key, sets }) => ({ key, sets: inOrder(sets, factors) })) }
}
