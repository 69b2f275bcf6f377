import { KILLED } from '../killed.ts'
import type { ClassMeasurement } from '../run-result.ts'
import type { Sample } from './sample.ts'

export function appClasses({ classes }: Pick<Sample, 'classes'>): readonly ClassMeasurement[] {
  return classes.filter(({ layer }) => layer === 'app')
}

export function callsOf(
  { classes }: Pick<Sample, 'classes'>,
  layer: 'cache' | 'database',
  kind?: ClassMeasurement['kind'],
): readonly ClassMeasurement[] {
  return classes.filter((one) => one.layer === layer && (kind === undefined || one.kind === kind))
}

/** Calls that the cache has to answer for: without those whose own instance ended before it could. */
export function cacheCalls(sample: Pick<Sample, 'classes'>): readonly ClassMeasurement[] {
  return callsOf(sample, 'cache').map((one) => {
    const { [KILLED]: killed = 0, ...errors } = one.errors
    return killed === 0 ? one : { ...one, info: one.info - killed, errors }
  })
}

export function sumOf(classes: readonly ClassMeasurement[], pick: (one: ClassMeasurement) => number): number {
  return classes.reduce((sum, one) => sum + pick(one), 0)
}

/** However they ended. */
export function totalOf(classes: readonly ClassMeasurement[]): number {
  return sumOf(classes, ({ ok, fail, info }) => ok + fail + info)
}

/** Failed for certain, or nobody knows. */
export function notOk({ fail, info }: ClassMeasurement): number {
  return fail + info
}

/** How often each code was seen, most frequent first; by code where equal. */
export function codesOf(classes: readonly ClassMeasurement[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const { errors } of classes) for (const [code, count] of Object.entries(errors)) counts.set(code, (counts.get(code) ?? 0) + count)
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)))
}
