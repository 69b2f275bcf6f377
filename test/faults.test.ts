// needs: redis-server, memcached

import { faultContract } from '../src/chaos/fault.contract.ts'
import { FAULTS } from '../src/chaos/registry.ts'
import { createRealRuntime } from '../src/runtime/real-runtime.ts'
import { openTarget } from '../src/targets/open-target.ts'

for (const url of ['local:redis', 'local:memcached']) {
  for (const fault of FAULTS) {
    faultContract(fault, {
      name: url,
      async open() {
        const runtime = createRealRuntime({ seed: 1 })
        const target = await openTarget(url, { runtime, client: 'wire', env: process.env })
        const client = await target.connect({ deadlineNanos: 1_000_000_000, connections: 1, id: 1 })
        return {
          runtime,
          target,
          client,
          async close() {
            await client.close()
            await target.close()
            runtime.close()
          },
        }
      },
    })
  }
}
