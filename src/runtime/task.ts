import type { RosterMember } from './roster.ts'
import type { Nanos, Runtime, Task } from './runtime.ts'

/** What a runtime is told of its tasks: when they start to wait and when they are resumed. */
export interface TaskObserver {
  readonly runtime: Pick<Runtime, 'after'>
  resumed(task: RuntimeTask): void
  ended(task: RuntimeTask, error: unknown, failed: boolean): void
}

/** The task of both runtimes: counts the promises its program may be waiting for. */
export class RuntimeTask implements Task, RosterMember {
  readonly name: string
  /** Called when it has ended by itself. */
  readonly done: ((error?: unknown) => void) | undefined
  place = -1
  state: 'running' | 'finished' | 'killed' = 'running'
  /** Promises handed out and not settled yet. */
  pending = 0
  /** What the program waited for last; names the place when it goes astray. */
  lastLabel = 'start'
  readonly #observer: TaskObserver

  constructor(name: string, observer: TaskObserver, done?: (error?: unknown) => void) {
    this.name = name
    this.#observer = observer
    this.done = done
  }

  start(program: (task: Task) => Promise<void>): void {
    this.#observer.resumed(this)
    let running: Promise<void>
    try {
      running = program(this)
    } catch (error) {
      this.#end(error, true)
      return
    }
    running.then(
      () => this.#end(undefined, false),
      (error: unknown) => this.#end(error, true),
    )
  }

  wait<T>(label: string, start: (settle: (value: T) => void) => void): Promise<T> {
    // Killed between its answer and its next step: on real time both may fall into one turn. It reaches nothing any more.
    if (this.state === 'killed') return new Promise<T>(() => {})
    this.pending++
    this.lastLabel = label
    return new Promise<T>((resolve) => {
      let settled = false
      start((value) => {
        if (settled) return
        settled = true
        this.pending--
        if (this.state === 'killed') return
        this.#observer.resumed(this)
        resolve(value)
      })
    })
  }

  sleep(nanos: Nanos): Promise<void> {
    return this.wait('sleep', (settle) => this.#observer.runtime.after(nanos, () => settle()))
  }

  kill(): void {
    if (this.state !== 'running') return
    this.state = 'killed'
    this.#observer.ended(this, undefined, false)
  }

  #end(error: unknown, failed: boolean): void {
    if (this.state !== 'running') return
    this.state = 'finished'
    this.#observer.ended(this, error, failed)
  }
}
