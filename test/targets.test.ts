// needs: redis-server, valkey-server, memcached

import { createRealRuntime } from '../src/runtime/real-runtime.ts'
import { type LocalServer, startLocalServer } from '../src/targets/local/local-server.ts'
import { openTarget } from '../src/targets/open-target.ts'
import { type TargetBed, targetContract } from '../src/targets/target.contract.ts'

/** A target on real time, and servers of the test that outlive it. */
async function bed(url: (servers: readonly LocalServer[]) => string, client: string, servers: readonly LocalServer[] = []): Promise<TargetBed> {
  const runtime = createRealRuntime({ seed: 1 })
  return {
    runtime,
    target: await openTarget(url(servers), { runtime, client, env: process.env }),
    secrets: ['hunter2'],
    async cleanUp() {
      runtime.close()
      await Promise.all(servers.map((server) => server.stop()))
    },
  }
}

for (const url of ['local:redis?maxmemory=64mb', 'local:valkey', 'local:memcached']) targetContract(url, () => bed(() => url, 'wire'))

targetContract('redis: with a password, of ioredis', async () => {
  const server = await startLocalServer({ kind: 'redis', args: ['--requirepass', 'hunter2'] })
  return bed(([one]) => `redis://:hunter2@127.0.0.1:${one!.port}/3`, 'ioredis', [server])
})
targetContract('valkey:', async () => bed(([one]) => `valkey://127.0.0.1:${one!.port}`, 'wire', [await startLocalServer({ kind: 'valkey' })]))
targetContract('memcached: of memjs', async () =>
  bed(([one]) => `memcached://127.0.0.1:${one!.port}`, 'memjs', [await startLocalServer({ kind: 'memcached' })]),
)
targetContract('memcached: a ring', async () => {
  const servers = await Promise.all([startLocalServer({ kind: 'memcached' }), startLocalServer({ kind: 'memcached' })])
  return bed((all) => `memcached://${all.map(({ port }) => `127.0.0.1:${port}`).join(',')}`, 'wire', servers)
})
