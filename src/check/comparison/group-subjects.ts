import { FAULT, type Factors } from './factors.ts'
import type { Subject } from './subject.ts'

/** What has the same factors, in several blocks or runs. */
export interface SubjectSet<Member> {
  readonly subject: Subject
  readonly factors: Factors
  readonly members: readonly Member[]
}

export interface SubjectGroup<Member> {
  readonly key: string
  readonly sets: readonly SubjectSet<Member>[]
}

/**
 * Alternatives under one load, in one group: those alone can be compared. A component of the load that differs within one
 * workload was varied on purpose and keeps nothing apart; what differs from workload to workload does.
 */
export function groupSubjects<Member>(members: readonly Member[], of: (member: Member) => Subject): readonly SubjectGroup<Member>[] {
  const sets = new Map<string, { subject: Subject; members: Member[] }>()
  for (const member of members) {
    const subject = of(member)
    const key = JSON.stringify([subject.isWithoutCache, subject.factors])
    const set = sets.get(key)
    if (set) set.members.push(member)
    else sets.set(key, { subject, members: [member] })
  }
  const all = [...sets.values()].map((set): SubjectSet<Member> => ({ ...set, factors: set.subject.factors }))
  const varied = variedComponents(all.map(({ subject }) => subject))
  const groups = new Map<string, SubjectSet<Member>[]>()
  for (const set of all.filter(({ subject }) => !subject.isWithoutCache)) {
    const key = keyOf(set.subject, varied)
    groups.set(key, [...(groups.get(key) ?? []), set])
  }
  // The database alone serves every strategy of its load, whatever the number of instances.
  for (const set of all.filter(({ subject }) => subject.isWithoutCache)) {
    const key = keyOf(set.subject, new Set([...varied, 'instances']))
    const fitting = [...groups].filter(([, [first]]) => keyOf(first!.subject, new Set([...varied, 'instances'])) === key)
    if (fitting.length === 0) groups.set(keyOf(set.subject, varied), [set])
    for (const [, group] of fitting) group.push(set)
  }
  return [...groups].map(([key, sets]) => ({ key, sets }))
}

function keyOf({ work, load }: Subject, varied: ReadonlySet<string>): string {
  return JSON.stringify([work, Object.entries(load).filter(([name]) => !varied.has(name))])
}

/** What goes wrong always keeps apart: figures with a fault and without one are not mixed. */
function variedComponents(subjects: readonly Subject[]): ReadonlySet<string> {
  const varied = new Set<string>()
  const ofWorkload = new Map<string, Subject>()
  for (const subject of subjects.filter(({ isWithoutCache }) => !isWithoutCache)) {
    const name = subject.factors['workload'] ?? ''
    const first = ofWorkload.get(name) ?? subject
    ofWorkload.set(name, first)
    for (const [component, value] of Object.entries(subject.load)) {
      if (component !== FAULT && first.load[component] !== value) varied.add(component)
    }
  }
  return varied
}
