import { NO_CACHE, type Subject, subjectOf } from '../../check/comparison/subject.ts'
import { parseTargetUrl } from '../../targets/url/target-url.ts'
import { PROGRAMS } from '../../workload/patterns/registry.ts'
import type { CellPlan } from './cell-plan.ts'
import { redactedWorkload } from './redacted-workload.ts'

/** What a planned cell will be in a comparison, before anything of it ran. */
export function planSubject({ workload, role, targetUrl, client }: Pick<CellPlan, 'workload' | 'role' | 'targetUrl' | 'client'>): Subject {
  const program = PROGRAMS.find(({ name }) => name === workload.pattern)
  return subjectOf({
    workload: workload.name,
    pattern: workload.pattern,
    target: targetUrl === undefined ? NO_CACHE : parseTargetUrl(targetUrl).label,
    client,
    settings: redactedWorkload(workload),
    isWithoutCache: role === 'baseline',
    measures: {
      database: program?.usesDatabase ?? false,
      checks: program?.checks ?? [],
      hasHistory: workload.historyLevel.kind !== 'off',
    },
  })
}

/** What cells share that do the same work under the same load: they warm up for one time, and one case without a cache serves them all. */
export function loadKeyOf({ work, load }: Subject): string {
  const { instances: _, fault: __, ...same } = load
  return JSON.stringify([work, same])
}
