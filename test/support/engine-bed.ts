import type { CacheResult } from '../../src/client/cache/cache.ts'
import type { CacheCall } from '../../src/client/cache/cache-call.ts'
import { MemcachedCache } from '../../src/client/cache/memcached-cache.ts'
import { refusalOf } from '../../src/client/cache/outcome.ts'
import { RedisCache } from '../../src/client/cache/redis-cache.ts'
import type { Client } from '../../src/client/client.ts'
import type { Command } from '../../src/protocol/command.ts'
import { type Reply, ReplyError } from '../../src/protocol/reply.ts'
import { MILLISECOND, type Runtime, SECOND, type Task } from '../../src/runtime/runtime.ts'
import { EngineClient } from '../../src/targets/engine/engine-client.ts'
import { EngineHost, type EngineHostOptions } from '../../src/targets/engine/engine-host.ts'
import type { World } from '../../src/workload/pattern.ts'
import { MemoryWorld } from './memory-world.ts'
import { withCache } from './planted-cache.ts'

/** Patterns on a reference engine, by the same words on the wire as in a run, beside a database in memory. */
export class EngineBed {
  readonly memory: MemoryWorld
  readonly host: EngineHost
  readonly #client: Client
  readonly #runtime: Runtime

  constructor(runtime: Runtime, createEngine: EngineHostOptions['createEngine']) {
    this.#runtime = runtime
    this.memory = new MemoryWorld(runtime)
    this.host = new EngineHost({ runtime, createEngine, network: { medianNanos: 0.1 * MILLISECOND, p99Nanos: 0.3 * MILLISECOND } })
    this.#client = new EngineClient(this.host, { deadlineNanos: SECOND, connections: 1, id: 1 })
  }

  get probes() {
    return this.memory.probes
  }

  load(rows: Iterable<{ readonly key: string; readonly value: Uint8Array }>): void {
    this.memory.load(rows)
  }

  worldOf(task: Task, operation: number): World {
    const call: CacheCall = <T>(fn: string, _keyId: number, command: Command, read: (reply: Reply) => { readonly value: T }) =>
      task.wait<CacheResult<T>>(`engine ${fn}`, (settle) =>
        this.#client.submit(command, 0, {
          reply: (_, reply) => {
            if (!(reply instanceof ReplyError)) return settle({ status: 'ok', value: read(reply).value })
            const failure = refusalOf(reply)
            settle({ status: failure.status, failure })
          },
          failed: (_, failure) => settle({ status: failure.status, failure }),
        }),
      )
    const cache = this.host.family === 'redis' ? new RedisCache(call) : new MemcachedCache(call, this.#runtime.wall)
    return withCache(this.memory.worldOf(task, operation), cache)
  }

  /** One command beside the pattern's own, after its program has ended. */
  async ask(command: Command): Promise<Reply> {
    let answer: Reply = null
    await this.#runtime.run('ask', async (task) => {
      answer = await task.wait<Reply>('ask', (settle) =>
        this.#client.submit(command, 0, {
          reply: (_, reply) => settle(reply),
          failed: (_, failure) => settle(new ReplyError(`FAILED ${failure.message}`)),
        }),
      )
    })
    return answer
  }
}
