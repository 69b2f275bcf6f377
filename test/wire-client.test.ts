// needs: redis-server, valkey-server, memcached

import { clientContract } from '../src/client/client.contract.ts'
import { createSingleNodeRouting } from '../src/client/routing/single-node-routing.ts'
import { WireClient } from '../src/client/wire/wire-client.ts'
import { createRealRuntime } from '../src/runtime/real-runtime.ts'
import { RealServer } from './support/real-server.ts'

for (const program of ['redis-server', 'valkey-server', 'memcached'] as const) {
  const family = program === 'memcached' ? 'memcached' : 'redis'
  clientContract({
    name: `wire client against ${program}`,
    family,
    async open(options) {
      const runtime = createRealRuntime({ seed: 1 })
      const server = await RealServer.start(program)
      const routing = createSingleNodeRouting({ host: '127.0.0.1', port: server.port })
      const client = await WireClient.open({ runtime, family, routing, client: options })
      return {
        client,
        close: async () => {
          await client.close()
          await server.close()
          runtime.close()
        },
        killServer: () => server.kill(),
        restartServer: () => server.restart(),
        freezeServer: () => server.freeze(),
        thawServer: () => server.thaw(),
      }
    },
  })
}
