import type { Failure } from '../../client/client.ts'
import { type Nanos, SECOND } from '../../runtime/runtime.ts'

/** Why a step of ours ended before its end. */
export class StepEnded extends Error {
  /** The failure of the last call, where too many had failed; undefined after Ctrl-C. */
  readonly failure: StepFailure | undefined

  constructor(failure: StepFailure | undefined) {
    super(failure === undefined ? 'interrupted' : failure.message)
    this.failure = failure
  }
}

type StepFailure = Pick<Failure, 'message'> & { readonly code: string }
type Result = { readonly status: 'ok' } | { readonly status: 'fail' | 'info'; readonly failure: StepFailure }

/** More calls failed than succeeded, by so many ... */
const MOST_FAILURES = 100
/** ... and for so long: a connection that is made anew is no reason to give up. */
const PATIENCE_NANOS: Nanos = 2 * SECOND

const INTERRUPTED = { status: 'info', failure: { status: 'info', code: 'closed', message: 'interrupted' } } as const

/**
 * Bounds what is done to cache and database before and after the load, where no phase has an end: after Ctrl-C nothing is
 * awaited any more, and what an endpoint that only fails is still asked for is given up.
 */
export class StepGuard {
  readonly #signal: AbortSignal | undefined
  readonly #now: () => Nanos
  readonly #underWay = new Set<(result: typeof INTERRUPTED) => void>()
  #excess = 0
  #failingSince: Nanos = 0
  #gaveUp: StepFailure | undefined
  readonly #interrupt = () => {
    for (const settle of [...this.#underWay]) settle(INTERRUPTED)
  }

  constructor(signal: AbortSignal | undefined, now: () => Nanos) {
    this.#signal = signal
    this.#now = now
    signal?.addEventListener('abort', this.#interrupt)
  }

  /** Before each call. Throws `StepEnded`. */
  check(): void {
    if (this.#signal?.aborted) throw new StepEnded(undefined)
    if (this.#gaveUp) throw new StepEnded(this.#gaveUp)
  }

  /** What a call is to settle by: after Ctrl-C it is as if it had no answer. */
  watch<R extends Result>(settle: (result: R) => void): (result: R) => void {
    const end = (result: R) => {
      // It was settled by Ctrl-C: what comes now is heard by nobody.
      if (!this.#underWay.delete(end as never)) return
      this.#count(result)
      settle(result)
    }
    this.#underWay.add(end as never)
    return end
  }

  end(): void {
    this.#signal?.removeEventListener('abort', this.#interrupt)
  }

  #count(result: Result): void {
    if (result.status === 'ok') {
      if (this.#excess > 0) this.#excess--
      return
    }
    if (this.#excess === 0) this.#failingSince = this.#now()
    this.#excess++
    if (this.#excess >= MOST_FAILURES && this.#now() - this.#failingSince >= PATIENCE_NANOS) this.#gaveUp = result.failure
  }
}
