import type { CacheResult, ServerRefusal } from '../../client/cache/cache.ts'
import type { CallReading } from '../../client/cache/cache-call.ts'
import { refusalOf } from '../../client/cache/outcome.ts'
import { UnexpectedReply } from '../../client/cache/unexpected-reply.ts'
import type { Failure, ReplySink, WireFacts } from '../../client/client.ts'
import type { DatabaseResult, Row } from '../../database/database.ts'
import type { Status } from '../../measure/history.ts'
import { KILLED } from '../../measure/killed.ts'
import { callKind } from '../../measure/replay-history.ts'
import type { Reply } from '../../protocol/reply.ts'
import { ReplyError } from '../../protocol/reply.ts'
import type { Roster, RosterMember } from '../../runtime/roster.ts'
import type { Nanos, Runtime } from '../../runtime/runtime.ts'
import type { Call, CellRecorder } from './cell-recorder.ts'

/** Where calls under way are listed and written down. */
export interface CallBooks {
  readonly runtime: Runtime
  readonly recorder: CellRecorder
  /** Calls under way, so that a killed instance's can be written down as unknown. */
  readonly pending: Roster<CallUnderWay>
}

/** The operation a call belongs to, and on whose behalf it is made. */
export interface Caller {
  readonly operation: number
  readonly user: number
  /** When it was due: to which phase the call belongs. */
  readonly due: Nanos
}

/**
 * One call to the cache or the database: from being made to being written down, once. It is its own record.
 *
 * Classes and not literals for what every call makes: V8 comes to allocate the literals of a busy place in old space,
 * where every dead one keeps what it refers to alive until the next full collection.
 */
export abstract class CallUnderWay implements Call, RosterMember {
  place = -1
  readonly op: number
  readonly parent: number
  readonly layer: 'cache' | 'database'
  readonly client: number
  readonly key: number
  readonly fn: string
  readonly kind: Call['kind']
  outcome = ''
  readonly arg = Number.NaN
  ret = Number.NaN
  writer = -1
  readonly due: Nanos
  readonly sent: Nanos
  done: Nanos = -1
  status: Status = 'ok'
  error = ''
  readonly #books: CallBooks

  constructor(layer: 'cache' | 'database', fn: string, key: number, caller: Caller, books: CallBooks) {
    this.op = books.recorder.nextCall()
    this.parent = caller.operation
    this.layer = layer
    this.client = caller.user
    this.key = key
    this.fn = fn
    this.kind = callKind(fn)
    this.due = caller.due
    this.sent = books.runtime.now()
    this.#books = books
    books.pending.add(this)
    books.recorder.intend(this)
  }

  /** Writes the call down as unknown: its answer will never be seen. It is off the list already. */
  abandon(): void {
    this.status = 'info'
    this.error = KILLED
    this.done = -1
    this.#books.recorder.call(this, undefined)
  }

  /** False: it was abandoned, and what comes now is heard by nobody. */
  protected ends(): boolean {
    if (!this.#books.pending.delete(this)) return false
    this.done = this.#books.runtime.now()
    return true
  }

  protected fails(failure: Failure | ServerRefusal): void {
    this.status = failure.status
    this.error = failure.code
  }

  protected record(facts: WireFacts | undefined): void {
    this.#books.recorder.call(this, facts)
  }
}

export class CacheCallUnderWay<T> extends CallUnderWay implements ReplySink {
  readonly #read: (reply: Reply) => CallReading<T>
  readonly #settle: (result: CacheResult<T>) => void

  constructor(
    fn: string,
    key: number,
    caller: Caller,
    books: CallBooks,
    read: (reply: Reply) => CallReading<T>,
    settle: (result: CacheResult<T>) => void,
  ) {
    super('cache', fn, key, caller, books)
    this.#read = read
    this.#settle = settle
  }

  reply(_token: number, reply: Reply, facts: WireFacts): void {
    if (reply instanceof ReplyError) {
      this.#fail(refusalOf(reply), facts)
      return
    }
    let reading: CallReading<T>
    try {
      reading = this.#read(reply)
    } catch (error) {
      if (!(error instanceof UnexpectedReply)) throw error
      this.#fail(error.failure, facts)
      return
    }
    if (!this.ends()) return
    this.outcome = reading.outcome
    this.record(facts)
    this.#settle({ status: 'ok', value: reading.value })
  }

  failed(_token: number, failure: Failure, facts: WireFacts): void {
    this.#fail(failure, facts)
  }

  #fail(failure: Failure | ServerRefusal, facts: WireFacts): void {
    if (!this.ends()) return
    this.fails(failure)
    this.record(facts)
    this.#settle({ status: failure.status, failure })
  }
}

export class DatabaseCallUnderWay<T extends Row | null> extends CallUnderWay {
  readonly #settle: (result: DatabaseResult<T>) => void

  constructor(fn: string, key: number, caller: Caller, books: CallBooks, settle: (result: DatabaseResult<T>) => void) {
    super('database', fn, key, caller, books)
    this.#settle = settle
  }

  answer(result: DatabaseResult<T>): void {
    if (!this.ends()) return
    if (result.status === 'ok') {
      this.ret = result.value?.version ?? Number.NaN
      this.outcome = this.fn === 'write' ? 'committed' : result.value ? 'found' : 'absent'
    } else {
      this.fails(result.failure)
    }
    this.record(undefined)
    this.#settle(result)
  }
}
