import { type Reply, ReplyError } from '../../protocol/reply.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import type { Client, Failure, ReplySink, WireFacts } from '../../target/client.ts'
import type { Mix } from '../../workload/mix.ts'
import type { AppOperation, CellRecorder } from '../record/cell-recorder.ts'
import type { Program, ProgramEnd } from './program.ts'

/** The class of what failed: it is counted, but of no kind. */
const NO_CLASS = -1

/** How many commands fill the cache at a time. */
const FILL_WINDOW = 64

/**
 * A synchronous mix as a program of the load loop. Operations under way live in preallocated columns; the slot's
 * number is the token that comes back with the reply. No promise and no object per operation.
 */
export class MixProgram implements Program, ReplySink {
  readonly #mix: Mix
  readonly #client: Client
  readonly #runtime: Runtime
  readonly #recorder: CellRecorder
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
  #index = new Float64Array(1024)
  #due = new Float64Array(1024)
  #sent = new Float64Array(1024)
  #user = new Uint32Array(1024)
  #free = descending(0, 1024)

  constructor(options: { mix: Mix; client: Client; runtime: Runtime; recorder: CellRecorder; loop: () => ProgramEnd }) {
    this.#mix = options.mix
    this.#client = options.client
    this.#runtime = options.runtime
    this.#recorder = options.recorder
    this.#loop = options.loop
  }

  /** Stores every key once. Not recorded: the record begins with the load. Answers that are errors show in the load. */
  async fill(keyCount: number): Promise<void> {
    const client = this.#client
    await this.#runtime.run('fill', (task) =>
      task.wait<void>('the cache to be filled', (settle) => {
        let next = 0
        let underWay = 0
        const sink: ReplySink = { reply: () => ended(), failed: () => ended() }
        const ended = () => {
          underWay--
          more()
        }
        const more = () => {
          while (next < keyCount && underWay < FILL_WINDOW) {
            underWay++
            client.submit(this.#mix.fill(next++), 0, sink)
          }
          if (next >= keyCount && underWay === 0) settle()
        }
        more()
      }),
    )
  }

  start(index: number, dueNanos: number, user: number): void {
    if (this.#free.length === 0) this.#grow()
    const slot = this.#free.pop()!
    this.#index[slot] = index
    this.#due[slot] = dueNanos
    this.#sent[slot] = this.#runtime.now()
    this.#user[slot] = user
    this.#client.submit(this.#mix.next(index), slot, this)
  }

  reply(slot: number, reply: Reply, facts: WireFacts): void {
    const failed = reply instanceof ReplyError
    const classIndex = failed ? NO_CLASS : this.#mix.onReply(this.#index[slot]!, reply)
    this.#recorder.countWire(facts, classIndex >= 0 && this.#mix.classes[classIndex]!.kind === 'write')
    this.#end(slot, classIndex, failed ? 'fail' : 'ok', failed ? reply.code : '')
  }

  failed(slot: number, failure: Failure): void {
    this.#end(slot, NO_CLASS, failure.status, failure.code)
  }

  #end(slot: number, classIndex: number, status: AppOperation['status'], error: string): void {
    const operation = this.#operation
    const user = this.#user[slot]!
    operation.op = this.#index[slot]!
    operation.user = user
    operation.fn = classIndex < 0 ? '' : this.#mix.classes[classIndex]!.kind
    operation.class = classIndex
    operation.due = this.#due[slot]!
    operation.sent = this.#sent[slot]!
    operation.done = this.#runtime.now()
    operation.status = status
    operation.error = error
    this.#free.push(slot)
    this.#recorder.app(operation)
    this.#loop().ended(user)
  }

  #grow(): void {
    const capacity = this.#index.length
    this.#index = doubled(this.#index, Float64Array)
    this.#due = doubled(this.#due, Float64Array)
    this.#sent = doubled(this.#sent, Float64Array)
    const users = new Uint32Array(capacity * 2)
    users.set(this.#user)
    this.#user = users
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
