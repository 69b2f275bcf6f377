import type { Status } from '../../measure/history.ts'
import { KILLED } from '../../measure/killed.ts'
import { Roster, type RosterMember } from '../../runtime/roster.ts'
import type { Nanos, Task } from '../../runtime/runtime.ts'
import type { OperationResult, Pattern } from '../../workload/pattern.ts'
import type { AppOperation, CellRecorder } from '../record/cell-recorder.ts'
import { OperationWorld, type WorldParts } from '../record/operation-world.ts'
import { neverSent } from './never-sent.ts'
import type { OperationSketch, Program, ProgramEnd } from './program.ts'

export interface PatternProgramOptions {
  readonly pattern: Pattern
  readonly parts: WorldParts
  readonly loop: () => ProgramEnd
  /** What a program threw: a mistake in the pattern, which ends the run. */
  readonly crashed: (error: unknown) => void
}

/** An async pattern as a program of the load loop: one task an operation. */
export class PatternProgram implements Program {
  readonly #pattern: Pattern
  readonly #parts: WorldParts
  readonly #recorder: CellRecorder
  readonly #options: PatternProgramOptions
  readonly #underWay = new Roster<OperationUnderWay>()

  constructor(options: PatternProgramOptions) {
    this.#options = options
    this.#pattern = options.pattern
    this.#parts = options.parts
    this.#recorder = options.parts.recorder
  }

  start(index: number, dueNanos: number, user: number, nowNanos: number): void {
    const { runtime } = this.#parts
    const operation = new OperationUnderWay(index, user, dueNanos, nowNanos)
    this.#underWay.add(operation)
    operation.task = runtime.spawn(
      `operation ${index}`,
      // A program that ends at once would call back into the loop before `start` returned: hence `then`.
      (task) =>
        this.#pattern.operation(index, new OperationWorld(this.#parts, task, index, user, dueNanos)).then((result) => {
          // Not there: it was killed after its last answer, and is written down as unknown.
          if (!this.#underWay.delete(operation)) return
          operation.end(result, this.#recorder.classIndex(result.class), runtime.now())
          this.#recorder.app(operation)
        }),
      (error) => {
        if (error === undefined) this.#options.loop().ended(user, neverSent(operation.status, operation.error), runtime.now())
        else this.#options.crashed(error)
      },
    )
  }

  /** Ends every operation where it stands: its calls and itself become unknown, and none of its code runs again. */
  kill(): void {
    const operations = this.#underWay.takeAll()
    for (const operation of operations) operation.task?.kill()
    for (const call of this.#parts.pending.takeAll()) call.abandon()
    for (const operation of operations) this.#recordUnknown(operation)
  }

  describe(index: number): OperationSketch {
    const { fn, key, kind, class: name } = this.#pattern.intent(index)
    return { fn, key, class: name === undefined ? this.#recorder.unknownClassIndex(kind) : this.#recorder.classIndex(name) }
  }

  unstarted(index: number, dueNanos: Nanos, user: number): void {
    const operation = new OperationUnderWay(index, user, dueNanos, -1)
    operation.error = 'unstarted'
    this.#recordUnknown(operation)
  }

  /** It did not come to its end: what can be said of it is what it was about to do. */
  #recordUnknown(operation: OperationUnderWay): void {
    this.#recorder.app(Object.assign(operation, this.describe(operation.op)))
  }
}

/** One operation from its start to being written down. It is its own record; until it ends, that of one that was killed. */
class OperationUnderWay implements AppOperation, RosterMember {
  place = -1
  task: Task | undefined
  readonly op: number
  readonly user: number
  key = -1
  fn = ''
  class = -1
  arg = Number.NaN
  ret = Number.NaN
  writer = -1
  readonly due: Nanos
  readonly sent: Nanos
  done: Nanos = -1
  status: Status = 'info'
  error = KILLED

  constructor(op: number, user: number, due: Nanos, sent: Nanos) {
    this.op = op
    this.user = user
    this.due = due
    this.sent = sent
  }

  end(result: OperationResult, classIndex: number, now: Nanos): void {
    this.key = result.key
    this.fn = result.fn
    this.class = classIndex
    this.arg = result.arg ?? Number.NaN
    this.ret = result.ret ?? Number.NaN
    this.writer = result.writer ?? -1
    this.done = now
    this.status = result.status
    this.error = result.error ?? ''
  }
}
