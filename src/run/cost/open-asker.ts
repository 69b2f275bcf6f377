import type { Client } from '../../client/client.ts'
import { readCacheState } from '../../targets/cache-state.ts'
import { processorNanosOf } from '../../targets/local/process-identity.ts'
import type { CellPlan } from '../cell/cell-plan.ts'
import type { OpenCell } from '../cell/open-cell.ts'
import { CostWatch } from './cost-watch.ts'

export interface Asker {
  readonly client: Client
  readonly costs: CostWatch
}

/** A connection of its own to ask a server of ours what it holds; nobody else's server is asked to put up with it. */
export async function openAsker({ workload }: CellPlan, { target, runtime, family }: OpenCell): Promise<Asker | undefined> {
  if (!target?.description.ours) return undefined
  const client = await target.connect({ deadlineNanos: workload.deadlineNanos, connections: 1, id: workload.instances + 1 })
  const costs = new CostWatch({
    runtime,
    readState: (done) => readCacheState(client, family, done),
    readProcessor: () => {
      const pid = target.control?.pid()
      const nanos = pid === undefined ? undefined : processorNanosOf(pid)
      return pid === undefined || nanos === undefined ? undefined : { pid, nanos }
    },
  })
  return { client, costs }
}
