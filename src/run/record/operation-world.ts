import type { Cache, CacheResult } from '../../client/cache/cache.ts'
import type { CacheCall, CallReading } from '../../client/cache/cache-call.ts'
import type { Client } from '../../client/client.ts'
import type { Database, DatabaseResult, Row } from '../../database/database.ts'
import type { Command } from '../../protocol/command.ts'
import type { Reply } from '../../protocol/reply.ts'
import type { Nanos, Task } from '../../runtime/runtime.ts'
import { laneOf } from '../../workload/load/shares.ts'
import type { DatabaseSession, ProbeRow, World } from '../../workload/pattern.ts'
import { CacheCallUnderWay, type CallBooks, type Caller, DatabaseCallUnderWay } from './call-under-way.ts'
import type { StepGuard } from './step-guard.ts'

/** What all operations of an instance share. */
export interface WorldParts extends CallBooks {
  /** Instances of the cell. */
  readonly instances: number
  /** Absent when the pattern uses no cache. */
  readonly client: Client | undefined
  readonly database: Database | undefined
  /** Puts the cache's vocabulary on a way to send commands. */
  readonly createCache: (call: CacheCall) => Cache
}

/** The world of one operation: every call it makes is awaited through its task and recorded under its number. */
export class OperationWorld implements World, Caller {
  readonly parts: WorldParts
  readonly task: Task
  readonly operation: number
  readonly user: number
  readonly due: Nanos
  /** Of what is done before and after the load; operations of the load have none. */
  readonly guard: StepGuard | undefined
  #cache: Cache | undefined
  #database: DatabaseSession | undefined

  constructor(parts: WorldParts, task: Task, operation: number, user: number, due: Nanos, guard?: StepGuard) {
    this.guard = guard
    this.parts = parts
    this.task = task
    this.operation = operation
    this.user = user
    this.due = due
  }

  get cache(): Cache {
    this.#cache ??= this.parts.createCache((fn, keyId, command, read) => this.#cacheCall(fn, keyId, command, read))
    return this.#cache
  }

  get database(): DatabaseSession {
    this.#database ??= new OperationDatabase(this)
    return this.#database
  }

  now(): Nanos {
    return this.parts.runtime.now()
  }

  sleep(nanos: Nanos): Promise<void> {
    return this.task.sleep(nanos)
  }

  probe(row: ProbeRow): void {
    const { recorder } = this.parts
    const now = this.now()
    recorder.call(
      {
        op: recorder.nextCall(),
        parent: this.operation,
        layer: 'probe',
        client: this.user,
        key: row.key,
        fn: row.fn,
        kind: 'other',
        outcome: row.outcome,
        arg: row.arg ?? Number.NaN,
        ret: row.ret ?? Number.NaN,
        writer: row.writer ?? -1,
        due: now,
        sent: now,
        done: now,
        status: 'ok',
        error: '',
      },
      undefined,
    )
  }

  #cacheCall<T>(fn: string, key: number, command: Command, read: (reply: Reply) => CallReading<T>): Promise<CacheResult<T>> {
    this.guard?.check()
    return this.task.wait(`cache ${fn}`, (settle: (result: CacheResult<T>) => void) => {
      const { client, instances } = this.parts
      if (!client) throw new Error('the pattern calls the cache, but its definition says that it uses none')
      const heard = this.guard?.watch(settle) ?? settle
      client.submit(command, 0, new CacheCallUnderWay(fn, key, this, this.parts, read, heard), laneOf(this.user, instances))
    })
  }
}

class OperationDatabase implements DatabaseSession {
  readonly #world: OperationWorld

  constructor(world: OperationWorld) {
    this.#world = world
  }

  read(key: number, name: string): Promise<DatabaseResult<Row | null>> {
    return this.#call('read', key, (database, done) => database.read(name, done))
  }

  write(key: number, name: string, value: (version: number) => Uint8Array): Promise<DatabaseResult<Row>> {
    return this.#call('write', key, (database, done) => database.write(name, this.#world.user, value, done))
  }

  #call<T extends Row | null>(
    fn: string,
    key: number,
    start: (database: Database, done: (result: DatabaseResult<T>) => void) => void,
  ): Promise<DatabaseResult<T>> {
    const world = this.#world
    world.guard?.check()
    return world.task.wait(`database ${fn}`, (settle: (result: DatabaseResult<T>) => void) => {
      const { parts } = world
      if (!parts.database) throw new Error('the pattern calls the database, but its definition says that it uses none')
      const call = new DatabaseCallUnderWay(fn, key, world, parts, world.guard?.watch(settle) ?? settle)
      start(parts.database, (result) => call.answer(result))
    })
  }
}
