import { openDatabase } from '../../database/open-database.ts'
import { createRealRuntime } from '../../runtime/real-runtime.ts'
import { openTarget } from '../../target/open-target.ts'
import { parseTargetUrl } from '../../target/target-url.ts'
import type { CellContext } from './cell-context.ts'
import type { CellPlan } from './cell-plan.ts'

/**
 * Opens and closes every target and every database of the outside world once, before anything is measured: a name that
 * is misspelt in the last of twenty cells must not cost the nineteen before it. Throws `UsageError` and `TargetError`.
 */
export async function checkReach(plans: readonly CellPlan[], context: Pick<CellContext, 'env' | 'seed' | 'virtual'>): Promise<void> {
  if (context.virtual) return
  const runtime = createRealRuntime({ seed: context.seed })
  const { env } = context
  try {
    const seen = new Set<string>()
    for (const { targetUrl, client, workload } of plans) {
      if (targetUrl !== undefined && isOutside(targetUrl) && isNew(seen, `${client} ${targetUrl}`)) {
        const target = await openTarget(targetUrl, { runtime, client, env })
        await target.close()
      }
      const { database } = workload
      if (database.kind === 'postgres' && isNew(seen, `${database.url}`)) {
        const opened = await openDatabase(database, { runtime, prefix: 'reach', env })
        await opened.close()
      }
    }
  } finally {
    runtime.close()
  }
}

function isOutside(url: string): boolean {
  return parseTargetUrl(url).kind !== 'engine'
}

function isNew(seen: Set<string>, key: string): boolean {
  const before = seen.size
  return seen.add(key).size > before
}
