// needs: redis-server, valkey-server, memcached

import { clientContract } from '../src/client/client.contract.ts'
import { connectIoredis } from '../src/client/ioredis/ioredis-client.ts'
import { connectMemjs } from '../src/client/memjs/memjs-client.ts'
import type { LocalServer } from '../src/targets/local/local-server.ts'
import { localClientSubject } from './support/local-client-subject.ts'

const ioredisEndpoint = (server: LocalServer) => ({ host: server.host, port: server.port, database: 0, login: { words: () => ({}) } })

for (const kind of ['redis', 'valkey'] as const) {
  clientContract(localClientSubject('ioredis', kind, (server, options, runtime) => connectIoredis(ioredisEndpoint(server), options, runtime, false)))
}
clientContract(
  localClientSubject('memjs', 'memcached', (server, options, runtime) =>
    connectMemjs([{ host: server.host, port: server.port }], options, runtime, false),
  ),
)
