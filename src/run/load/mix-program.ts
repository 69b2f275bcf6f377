import { refusalOf } from '../../client/cache/outcome.ts'
import { UnexpectedReply } from '../../client/cache/unexpected-reply.ts'
import type { Client, Failure, ReplySink, WireFacts } from '../../client/client.ts'
import type { Status } from '../../measure/history.ts'
import { KILLED } from '../../measure/killed.ts'
import { type Reply, ReplyError } from '../../protocol/reply.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { keysByLastUse } from '../../workload/keys/by-last-use.ts'
import type { KeyChooser } from '../../workload/keys/key-chooser.ts'
import { laneOf } from '../../workload/load/shares.ts'
import type { Mix, MixIntent } from '../../workload/mix.ts'
import type { AppOperation, Call, CellRecorder } from '../record/cell-recorder.ts'
import type { StepGuard } from '../record/step-guard.ts'
import { fillCache } from './fill-cache.ts'
import { neverSent } from './never-sent.ts'
import type { OperationSketch, Program, ProgramEnd } from './program.ts'

/**
 * A synchronous mix as a program of the load loop. Operations under way live in preallocated columns; the slot's
 * number is the token that comes back with the reply. No promise and no object per operation.
 */
export class MixProgram implements Program, ReplySink {
  readonly #mix: Mix
  readonly #client: Client
  readonly #runtime: Runtime
  readonly #recorder: CellRecorder
  readonly #instances: number
  readonly #loop: () => ProgramEnd
  readonly #operation: AppOperation = {
    op: 0,
    user: 0,
    key: -1,
    fn: '',
    class: -1,
    arg: Number.NaN,
    ret: Number.NaN,
    writer: -1,
    due: 0,
    sent: 0,
    done: 0,
    status: 'ok',
    error: '',
  }
  /** Reused from request to request, as the operation is: each is one command to the cache. */
  readonly #call: Call = {
    op: 0,
    parent: 0,
    layer: 'cache',
    client: 0,
    key: -1,
    fn: '',
    kind: 'read',
    outcome: '',
    arg: Number.NaN,
    ret: Number.NaN,
    writer: -1,
    due: 0,
    sent: 0,
    done: 0,
    status: 'ok',
    error: '',
  }
  /** Hit or miss is all that is asked. */
  readonly readsValues = false
  #index = new Float64Array(1024)
  #due = new Float64Array(1024)
  #sent = new Float64Array(1024)
  #user = new Uint32Array(1024)
  /** What the operation of a slot is about, so that it is drawn once. */
  readonly #intents: MixIntent[] = []
  /** 1 for the slots of operations under way. */
  #underWay = new Uint8Array(1024)
  #free = descending(0, 1024)

  constructor(options: { mix: Mix; client: Client; runtime: Runtime; recorder: CellRecorder; instances: number; loop: () => ProgramEnd }) {
    this.#mix = options.mix
    this.#client = options.client
    this.#runtime = options.runtime
    this.#recorder = options.recorder
    this.#instances = options.instances
    this.#loop = options.loop
  }

  /** Stores every key once, those that are asked for most at last. */
  fill(keys: KeyChooser, guard: StepGuard): Promise<void> {
    return fillCache({ mix: this.#mix, client: this.#client, runtime: this.#runtime, keyIds: keysByLastUse(keys), guard })
  }

  start(index: number, dueNanos: number, user: number, nowNanos: number): void {
    if (this.#free.length === 0) this.#grow()
    const slot = this.#free.pop()!
    this.#index[slot] = index
    this.#due[slot] = dueNanos
    this.#sent[slot] = nowNanos
    this.#user[slot] = user
    this.#underWay[slot] = 1
    const command = this.#mix.next(index)
    this.#intents[slot] = this.#mix.intent(index)
    this.#client.submit(command, slot, this, laneOf(user, this.#instances))
  }

  reply(slot: number, reply: Reply, facts: WireFacts): void {
    if (reply instanceof ReplyError) {
      const { status, code } = refusalOf(reply)
      this.#end(slot, undefined, status, code, facts)
      return
    }
    let classIndex: number
    try {
      classIndex = this.#mix.onReply(this.#intents[slot]!, reply)
    } catch (error) {
      if (!(error instanceof UnexpectedReply)) throw error
      this.failed(slot, error.failure, facts)
      return
    }
    this.#end(slot, classIndex, 'ok', '', facts)
  }

  failed(slot: number, failure: Failure, facts: WireFacts): void {
    this.#end(slot, undefined, failure.status, failure.code, facts)
  }

  /** Gives up what is under way: it becomes unknown, and late answers are heard by nobody. */
  kill(): void {
    for (let slot = 0; slot < this.#underWay.length; slot++) {
      if (this.#underWay[slot] === 0) continue
      this.#underWay[slot] = 0
      const [index, intent, user, due, sent] = [this.#index[slot]!, this.#intents[slot]!, this.#user[slot]!, this.#due[slot]!, this.#sent[slot]!]
      this.#recordCall(index, intent, user, undefined, due, sent, -1, 'info', KILLED, undefined)
      this.#record(index, intent, user, undefined, due, sent, -1, 'info', KILLED)
    }
  }

  describe(index: number): OperationSketch {
    const { kind, classIndex } = this.#mix.intent(index)
    return { fn: kind, key: -1, class: classIndex ?? this.#recorder.unknownClassIndex(kind) }
  }

  unstarted(index: number, dueNanos: number, user: number): void {
    this.#record(index, this.#mix.intent(index), user, undefined, dueNanos, -1, -1, 'info', 'unstarted')
  }

  /** `classIndex` undefined: without an answer only its number tells what it was. */
  #end(slot: number, classIndex: number | undefined, status: Status, error: string, facts: WireFacts): void {
    // It was given up: what comes now is heard by nobody.
    if (this.#underWay[slot] === 0) return
    this.#underWay[slot] = 0
    const index = this.#index[slot]!
    const intent = this.#intents[slot]!
    const user = this.#user[slot]!
    const due = this.#due[slot]!
    const sent = this.#sent[slot]!
    const done = this.#runtime.now()
    this.#free.push(slot)
    this.#recordCall(index, intent, user, classIndex, due, sent, done, status, error, facts)
    this.#record(index, intent, user, classIndex, due, sent, done, status, error)
    this.#loop().ended(user, neverSent(status, error), done)
  }

  #recordCall(
    index: number,
    intent: MixIntent,
    user: number,
    classIndex: number | undefined,
    due: number,
    sent: number,
    done: number,
    status: Status,
    error: string,
    facts: WireFacts | undefined,
  ): void {
    const call = this.#call
    call.op = this.#recorder.nextCall()
    call.parent = index
    call.client = user
    const { fn, kind } = intent
    call.fn = fn
    call.kind = kind
    call.outcome = classIndex === undefined ? '' : kind === 'write' ? 'stored' : (this.#mix.classes[classIndex]!.cache ?? '')
    call.due = due
    call.sent = sent
    call.done = done
    call.status = status
    call.error = error
    this.#recorder.call(call, facts)
  }

  #record(
    index: number,
    intent: MixIntent,
    user: number,
    classIndex: number | undefined,
    due: number,
    sent: number,
    done: number,
    status: Status,
    error: string,
  ): void {
    const operation = this.#operation
    operation.op = index
    operation.user = user
    operation.fn = intent.kind
    operation.class = classIndex ?? intent.classIndex ?? this.#recorder.unknownClassIndex(intent.kind)
    operation.due = due
    operation.sent = sent
    operation.done = done
    operation.status = status
    operation.error = error
    this.#recorder.app(operation)
  }

  #grow(): void {
    const capacity = this.#index.length
    this.#index = doubled(this.#index, Float64Array)
    this.#due = doubled(this.#due, Float64Array)
    this.#sent = doubled(this.#sent, Float64Array)
    const users = new Uint32Array(capacity * 2)
    users.set(this.#user)
    this.#user = users
    const underWay = new Uint8Array(capacity * 2)
    underWay.set(this.#underWay)
    this.#underWay = underWay
    this.#free = descending(capacity, capacity * 2)
  }
}

function doubled(from: Float64Array, type: Float64ArrayConstructor): Float64Array<ArrayBuffer> {
  const to = new type(from.length * 2)
  to.set(from)
  return to
}

function descending(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, offset) => to - 1 - offset)
}
