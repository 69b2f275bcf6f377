import { createVirtualRuntime } from '../runtime/virtual-runtime.ts'
import { openTarget } from '../targets/open-target.ts'
import { faultContract } from './fault.contract.ts'
import { FAULTS } from './registry.ts'

for (const url of ['engine:redis', 'engine:memcached']) {
  for (const fault of FAULTS) {
    faultContract(fault, {
      name: `${url} on virtual time`,
      async open() {
        const runtime = createVirtualRuntime({ seed: 1 })
        const target = await openTarget(url, { runtime, client: 'wire', env: {} })
        const client = await target.connect({ deadlineNanos: 1_000_000_000, connections: 1, id: 1 })
        return {
          runtime,
          target,
          client,
          async close() {
            await client.close()
            await target.close()
          },
        }
      },
    })
  }
}
