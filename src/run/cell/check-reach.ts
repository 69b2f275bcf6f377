import { checkFaults } from '../../chaos/check-faults.ts'
import { TargetError } from '../../client/target-error.ts'
import { openDatabase } from '../../database/open-database.ts'
import { createRealRuntime } from '../../runtime/real-runtime.ts'
import { type Runtime, SECOND } from '../../runtime/runtime.ts'
import { openTarget } from '../../targets/open-target.ts'
import { neededCommands, preflight } from '../../targets/preflight/preflight.ts'
import type { Target } from '../../targets/target.ts'
import { parseTargetUrl } from '../../targets/url/target-url.ts'
import type { CellContext } from './cell-context.ts'
import type { CellPlan } from './cell-plan.ts'
import { type Trial, trialsOf } from './trials.ts'

type ReachContext = Pick<CellContext, 'env' | 'seed' | 'virtual' | 'runPrefix' | 'faultsAllowed' | 'signal'>

const DEADLINE_NANOS = 5 * SECOND
/** A value of 512 MiB takes its time on a slow line. */
const BYTES_PER_SECOND = 10e6

/**
 * Opens and closes every target and every database of the outside world once, before anything is measured, and tries at
 * each what the programs will send there: a name that is misspelt in the last of twenty cells, or a permission that it
 * lacks, must not cost the nineteen before it, and no run is to be made of refusals. Throws `UsageError`, and one
 * `TargetError` for all that is refused.
 */
export async function checkReach(plans: readonly CellPlan[], context: ReachContext): Promise<void> {
  if (context.virtual) return
  const runtime = createRealRuntime({ seed: context.seed })
  const refused = new Map<string, TargetError>()
  try {
    for (const trial of trialsOf(plans, context.seed)) {
      if (context.signal.aborted) return
      const error = await tried(trial, plans, context, runtime)
      if (error !== undefined) refused.set(`${error.message}\n  ${error.hint}`, error)
    }
    const databases = new Map(plans.map(({ workload: { database } }) => [database.url, database]))
    for (const database of databases.values()) {
      if (database.kind !== 'postgres') continue
      const opened = await openDatabase(database, { runtime, prefix: 'reach', env: context.env })
      await opened.close()
    }
  } finally {
    runtime.close()
  }
  if (refused.size > 0) throw together(refused)
}

/** What the endpoint refuses, if it does. Throws when it can't be reached or must not be used at all. */
async function tried(trial: Trial, plans: readonly CellPlan[], context: ReachContext, runtime: Runtime): Promise<TargetError | undefined> {
  const { url, client: library, calls, largestValueBytes } = trial
  const needs = neededCommands(parseTargetUrl(url).family, calls)
  const target = await openTarget(url, { runtime, client: library, env: context.env, needs })
  try {
    checkFaultsAt(target, trial, plans, context.faultsAllowed)
    const deadlineNanos = DEADLINE_NANOS + (largestValueBytes / BYTES_PER_SECOND) * SECOND
    const client = await target.connect({ deadlineNanos, connections: 1, id: 0 })
    try {
      await preflight(target, client, { calls, prefix: `${context.runPrefix}preflight:`, largestValueBytes })
    } finally {
      await client.close()
    }
    return undefined
  } catch (error) {
    if (error instanceof TargetError && error.code !== 'TARGET_UNREACHABLE') return error
    throw error
  } finally {
    await target.close()
  }
}

function checkFaultsAt(target: Target, trial: Trial, plans: readonly CellPlan[], allowed: boolean): void {
  for (const { id, targetUrl, client, workload } of plans) {
    if (targetUrl === trial.url && client === trial.client) checkFaults(workload.faults, target, allowed, id)
  }
}

/** Several endpoints in one error, each with its own words. */
function together(refused: ReadonlyMap<string, TargetError>): TargetError {
  const errors = [...refused.values()]
  const last = errors.at(-1)!
  const before = [...refused.keys()].slice(0, -1)
  return new TargetError(errors[0]!.code, [...before, last.message].join('\n'), last.hint)
}
