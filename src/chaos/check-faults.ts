import { UsageError } from '../runtime/usage-error.ts'
import type { FaultPlan } from '../workload/fault-plan.ts'
import type { FaultGround } from './fault.ts'
import { FAULTS, findFault } from './registry.ts'

/** Roles that a target of a single node has. */
const ROLES = ['primary']
const USE_OURS = 'use a local: or engine: target, which cacheproof starts itself.'

/**
 * Can these faults act on this ground, and may they? Throws `UsageError` that says why not, and what would allow it;
 * call it before the load, so that nothing has been done by then. `cell` is named in the error.
 */
export function checkFaults(plans: readonly FaultPlan[], ground: FaultGround, allowed: boolean, cell?: string): void {
  const { label, ours } = ground.description
  for (const { fault: name, on } of plans) {
    const fault = findFault(name)
    if (fault === undefined) throw new UsageError(`there is no fault "${name}"`, `Faults are ${FAULTS.map((known) => known.name).join(', ')}.`)
    const what = `the fault "${name}"${cell === undefined ? '' : ` of the cell ${cell}`}`
    if (!ROLES.includes(on)) throw new UsageError(`${what} can't act on "${on}": ${label} has no such role or node`, `It has ${ROLES.join(', ')}.`)
    const why = fault.unfit(ground)
    if (!ours && !allowed) {
      throw new UsageError(
        `${what} would act on ${label}, which cacheproof did not start`,
        why === undefined ? 'If it may be broken, say so with --i-own-this-target.' : `--i-own-this-target would allow it, but ${why}: ${USE_OURS}`,
      )
    }
    if (why !== undefined) throw new UsageError(`${what} can't act on ${label}: ${why}`, `U${USE_OURS.slice(1)}`)
  }
}
