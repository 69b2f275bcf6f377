import { checkFaults } from '../../chaos/check-faults.ts'
import { UsageError } from '../../runtime/usage-error.ts'
import { createVirtualRuntime } from '../../runtime/virtual-runtime.ts'
import { openTarget } from '../../targets/open-target.ts'
import { parseTargetUrl } from '../../targets/url/target-url.ts'
import { findProgram } from '../../workload/patterns/registry.ts'
import { whyNotApplicable } from './applicability.ts'
import type { CellPlan } from './cell-plan.ts'

/**
 * Refuses, before anything is reached, every fault that could not or may not act: throws `UsageError` that names the
 * fault, the cell and the target. What depends on a server that we start (`local:`) is left to the one who starts it.
 */
export async function checkPlanFaults(plans: readonly CellPlan[], allowed: boolean): Promise<void> {
  for (const { id, targetUrl, workload } of plans) {
    const [first] = workload.faults
    if (first === undefined || targetUrl === undefined) continue
    const program = findProgram(workload.pattern)
    if (!program.usesCache) {
      throw new UsageError(
        `the fault "${first.fault}" of the cell ${id} has nothing to act on: the pattern ${program.name} uses no cache`,
        'Leave the fault out, or run a pattern that does.',
      )
    }
    const { kind, family, label } = parseTargetUrl(targetUrl)
    if (whyNotApplicable(program, family) !== undefined || kind === 'local') continue
    if (kind !== 'engine') {
      checkFaults(workload.faults, { description: { label, ours: false } }, allowed, id)
      continue
    }
    const target = await openTarget(targetUrl, { runtime: createVirtualRuntime({ seed: 0 }), client: 'wire', env: {} })
    try {
      checkFaults(workload.faults, target, allowed, id)
    } finally {
      await target.close()
    }
  }
}
