import type { ClientContractSubject } from '../../src/client/client.contract.ts'
import type { Client, ClientOptions } from '../../src/client/client.ts'
import { createRealRuntime, type RealRuntime } from '../../src/runtime/real-runtime.ts'
import type { ServerKind } from '../../src/targets/local/find-program.ts'
import { type LocalServer, startLocalServer } from '../../src/targets/local/local-server.ts'
import { freezeProcess } from './freeze-process.ts'

type Connect = (server: LocalServer, options: ClientOptions, runtime: RealRuntime) => Promise<Client>

/** Something to run the shared client suite on: a client of a real server of its own. */
export function localClientSubject(name: string, kind: ServerKind, connect: Connect): ClientContractSubject {
  return {
    name: `${name} to local:${kind}`,
    family: kind === 'memcached' ? 'memcached' : 'redis',
    async open(options) {
      const server = await startLocalServer({ kind })
      const runtime = createRealRuntime({ seed: 1 })
      const client = await connect(server, options, runtime)
      return {
        client,
        async close() {
          await client.close()
          await server.stop()
          runtime.close()
        },
        killServer: () => server.kill(),
        restartServer: () => server.start(),
        freezeServer: () => freezeProcess(server.pid!),
        thawServer: () => process.kill(server.pid!, 'SIGCONT'),
      }
    },
  }
}
