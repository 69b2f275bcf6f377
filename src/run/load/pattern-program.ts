import { Roster, type RosterMember } from '../../runtime/roster.ts'
import type { Nanos, Task } from '../../runtime/runtime.ts'
import type { Pattern } from '../../workload/pattern.ts'
import type { CellRecorder } from '../record/cell-recorder.ts'
import { OperationWorld, type WorldParts } from '../record/operation-world.ts'
import type { Program, ProgramEnd } from './program.ts'

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

  start(index: number, dueNanos: number, user: number): void {
    const { runtime } = this.#parts
    const operation = new OperationUnderWay(index, dueNanos, runtime.now(), user)
    this.#underWay.add(operation)
    operation.task = runtime.spawn(
      `operation ${index}`,
      async (task) => {
        // A program that ends at once would call back into the loop before `start` returned.
        const world = new OperationWorld(this.#parts, task, index, user)
        const result = await this.#pattern.operation(index, world)
        // Not there: it was killed after its last answer, and is written down as unknown.
        if (!this.#underWay.delete(operation)) return
        this.#recorder.app({
          op: index,
          user,
          key: result.key,
          fn: result.fn,
          class: this.#recorder.classIndex(result.class),
          arg: result.arg ?? Number.NaN,
          ret: result.ret ?? Number.NaN,
          due: dueNanos,
          sent: operation.sent,
          done: runtime.now(),
          status: result.status,
          error: result.error ?? '',
        })
      },
      (error) => {
        if (error === undefined) this.#options.loop().ended(user)
        else this.#options.crashed(error)
      },
    )
  }

  /** Ends every operation where it stands: its calls and itself become unknown, and none of its code runs again. */
  kill(): void {
    const operations = this.#underWay.takeAll()
    for (const operation of operations) operation.task?.kill()
    for (const call of this.#parts.pending.takeAll()) call.abandon()
    for (const { index, due, sent, user } of operations) {
      this.#recorder.app({
        op: index,
        user,
        key: -1,
        fn: '',
        class: -1,
        arg: Number.NaN,
        ret: Number.NaN,
        due,
        sent,
        done: -1,
        status: 'info',
        error: 'killed',
      })
    }
  }
}

class OperationUnderWay implements RosterMember {
  place = -1
  task: Task | undefined
  readonly index: number
  readonly due: Nanos
  readonly sent: Nanos
  readonly user: number

  constructor(index: number, due: Nanos, sent: Nanos, user: number) {
    this.index = index
    this.due = due
    this.sent = sent
    this.user = user
  }
}
