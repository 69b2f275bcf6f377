import { startBinaryMemcached } from '../../../test/support/binary-memcached.ts'
import { createBehaviours } from '../../../test/support/fakes/behaviour-registry.ts'
import { FakeCache } from '../../../test/support/fakes/fake-cache.ts'
import type { HostileCase } from './hostile-case.ts'

/** Behind the commands by which the calls of a program are tried out, and before the end of the shortest one. */
const IN_THE_MIDDLE = 60

/** Starts the server of a case; it is in this process and gone with `close`. */
export async function startHostile({ kind, server, isAtOnce }: HostileCase, seed: number): Promise<{ readonly url: string; close(): Promise<void> }> {
  const after = isAtOnce ? 0 : IN_THE_MIDDLE
  if (server !== 'binary') {
    const behaviours = kind[server]!(after).flatMap(createBehaviours)
    return FakeCache.start({ family: server, behaviours, seed })
  }
  const { answer = () => undefined, accept } = kind.binary!(after)
  const fake = await startBinaryMemcached(answer, (socket, connection) => {
    const over = accept?.(connection)
    if (over === 'end') socket.end()
    else if (over === 'reset') socket.resetAndDestroy()
  })
  return { url: `memcached://127.0.0.1:${fake.port}`, close: () => fake.close() }
}
