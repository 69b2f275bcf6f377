import { type Target, UsageError } from '../target/target.ts'
import type { FaultPlan } from '../workload/fault-plan.ts'
import { FAULTS, findFault } from './registry.ts'

/** Roles that a target of a single node has. */
const ROLES = ['primary']

/**
 * Can these faults act on this target, and may they? Throws `UsageError` that says why not; call it before the load,
 * so that nothing has been done by then.
 */
export function checkFaults(plans: readonly FaultPlan[], target: Target, allowed: boolean): void {
  for (const { fault: name, on } of plans) {
    const fault = findFault(name)
    if (fault === undefined) throw new UsageError(`there is no fault "${name}"`, `Faults are ${FAULTS.map((known) => known.name).join(', ')}.`)
    const { label, ours } = target.description
    if (!ours && !allowed) {
      throw new UsageError(
        `the fault "${name}" would act on ${label}, which cacheproof did not start`,
        'If it may be broken, say so with --i-own-this-target.',
      )
    }
    if (!ROLES.includes(on))
      throw new UsageError(`the fault "${name}" can't act on "${on}": ${label} has no such role or node`, `It has ${ROLES.join(', ')}.`)
    const why = fault.unfit(target)
    if (why !== undefined)
      throw new UsageError(`the fault "${name}" can't act on this target: ${why}`, 'Use a local: or engine: target, which cacheproof starts itself.')
  }
}
