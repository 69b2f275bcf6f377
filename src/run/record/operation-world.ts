import type { Database, DatabaseResult, Row } from '../../database/database.ts'
import { callKind } from '../../measure/replay-history.ts'
import type { Command } from '../../protocol/command.ts'
import type { Reply } from '../../protocol/reply.ts'
import { ReplyError } from '../../protocol/reply.ts'
import type { Nanos, Runtime, Task } from '../../runtime/runtime.ts'
import type { Cache, CacheResult } from '../../target/cache.ts'
import type { CallReading } from '../../target/cache-call.ts'
import type { Client, Failure, ReplySink, WireFacts } from '../../target/client.ts'
import { refusalOf } from '../../target/outcome.ts'
import type { DatabaseSession, ProbeRow, World } from '../../workload/pattern.ts'
import type { Call, CellRecorder } from './cell-recorder.ts'

/** What all operations of an instance share. */
export interface WorldParts {
  readonly runtime: Runtime
  readonly recorder: CellRecorder
  /** Absent when the pattern uses no cache. */
  readonly client: Client | undefined
  readonly database: Database | undefined
  /** Puts the cache's vocabulary on a way to send commands. */
  readonly createCache: (call: CallOfWorld) => Cache
  /** Calls under way, so that a killed instance's can be written down as unknown. */
  readonly pending: Set<PendingCall>
}

export type CallOfWorld = <T>(fn: string, keyId: number, command: Command, read: (reply: Reply) => CallReading<T>) => Promise<CacheResult<T>>

export interface PendingCall {
  /** Writes the call down as unknown: its answer will never be seen. */
  abandon(): void
}

/** The world of one operation: every call it makes is awaited through its task and recorded under its number. */
export class OperationWorld implements World {
  readonly cache: Cache
  readonly database: DatabaseSession
  readonly #parts: WorldParts
  readonly #task: Task
  readonly #parent: number
  readonly #user: number

  constructor(parts: WorldParts, task: Task, parent: number, user: number) {
    this.#parts = parts
    this.#task = task
    this.#parent = parent
    this.#user = user
    this.cache = parts.createCache((fn, keyId, command, read) => this.#call(fn, keyId, command, read))
    this.database = {
      read: (keyId, key) => this.#databaseCall('read', keyId, (done) => this.#database().read(key, done)),
      write: (keyId, key, value) => this.#databaseCall('write', keyId, (done) => this.#database().write(key, this.#user, value, done)),
    }
  }

  now(): Nanos {
    return this.#parts.runtime.now()
  }

  sleep(nanos: Nanos): Promise<void> {
    return this.#task.sleep(nanos)
  }

  probe(row: ProbeRow): void {
    const now = this.now()
    this.#parts.recorder.call(
      {
        op: this.#parts.recorder.nextCall(),
        parent: this.#parent,
        layer: 'probe',
        client: this.#user,
        key: row.key,
        fn: row.fn,
        kind: 'other',
        outcome: row.outcome,
        arg: row.arg ?? Number.NaN,
        ret: row.ret ?? Number.NaN,
        sent: now,
        done: now,
        status: 'ok',
        error: '',
      },
      undefined,
    )
  }

  #database(): Database {
    const { database } = this.#parts
    if (!database) throw new Error('the pattern calls the database, but its definition says that it uses none')
    return database
  }

  #call<T>(fn: string, keyId: number, command: Command, read: (reply: Reply) => CallReading<T>): Promise<CacheResult<T>> {
    const { recorder, runtime, client, pending } = this.#parts
    const call = this.#begin('cache', fn, keyId)
    return this.#task.wait(`cache ${fn}`, (settle) => {
      if (!client) throw new Error('the pattern calls the cache, but its definition says that it uses none')
      const under = new CacheCallUnderWay(call, recorder, pending, read, settle, runtime)
      pending.add(under)
      recorder.intend(call)
      client.submit(command, 0, under)
    })
  }

  #databaseCall<T extends Row | null>(
    fn: 'read' | 'write',
    keyId: number,
    start: (done: (result: DatabaseResult<T>) => void) => void,
  ): Promise<DatabaseResult<T>> {
    const { recorder, runtime, pending } = this.#parts
    const call = this.#begin('database', fn, keyId)
    return this.#task.wait(`database ${fn}`, (settle) => {
      const under: PendingCall = { abandon: () => recordUnknown(recorder, call, 'killed') }
      pending.add(under)
      recorder.intend(call)
      start((result) => {
        if (!pending.delete(under)) return
        call.done = runtime.now()
        if (result.status === 'ok') {
          call.ret = result.value?.version ?? Number.NaN
          call.outcome = fn === 'write' ? 'committed' : result.value ? 'found' : 'absent'
        } else {
          call.status = result.status
          call.error = result.failure.code
        }
        recorder.call(call, undefined)
        settle(result)
      })
    })
  }

  #begin(layer: 'cache' | 'database', fn: string, key: number): Call {
    return {
      op: this.#parts.recorder.nextCall(),
      parent: this.#parent,
      layer,
      client: this.#user,
      key,
      fn,
      kind: callKind(fn),
      outcome: '',
      arg: Number.NaN,
      ret: Number.NaN,
      sent: this.now(),
      done: -1,
      status: 'ok',
      error: '',
    }
  }
}

class CacheCallUnderWay<T> implements ReplySink, PendingCall {
  readonly #call: Call
  readonly #recorder: CellRecorder
  readonly #pending: Set<PendingCall>
  readonly #read: (reply: Reply) => CallReading<T>
  readonly #settle: (result: CacheResult<T>) => void
  readonly #runtime: Runtime

  constructor(
    call: Call,
    recorder: CellRecorder,
    pending: Set<PendingCall>,
    read: (reply: Reply) => CallReading<T>,
    settle: (result: CacheResult<T>) => void,
    runtime: Runtime,
  ) {
    this.#call = call
    this.#recorder = recorder
    this.#pending = pending
    this.#read = read
    this.#settle = settle
    this.#runtime = runtime
  }

  reply(_token: number, reply: Reply, facts: WireFacts): void {
    if (!this.#pending.delete(this)) return
    const call = this.#call
    call.done = this.#runtime.now()
    let result: CacheResult<T>
    if (reply instanceof ReplyError) {
      const failure = refusalOf(reply)
      call.status = failure.status
      call.error = failure.code
      result = { status: failure.status, failure }
    } else {
      const reading = this.#read(reply)
      call.outcome = reading.outcome
      result = { status: 'ok', value: reading.value }
    }
    this.#recorder.call(call, facts)
    this.#settle(result)
  }

  failed(_token: number, failure: Failure, facts: WireFacts): void {
    if (!this.#pending.delete(this)) return
    const call = this.#call
    call.done = this.#runtime.now()
    call.status = failure.status
    call.error = failure.code
    this.#recorder.call(call, facts)
    this.#settle({ status: failure.status, failure })
  }

  abandon(): void {
    recordUnknown(this.#recorder, this.#call, 'killed')
  }
}

function recordUnknown(recorder: CellRecorder, call: Call, error: string): void {
  call.status = 'info'
  call.error = error
  call.done = -1
  recorder.call(call, undefined)
}
