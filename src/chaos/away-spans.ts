import type { Service } from '../measure/run-result.ts'
import type { Nanos } from '../runtime/runtime.ts'

/** A stretch in which every attempt failed. Open (`null`): none has succeeded since. */
export type AwaySpan = Service['readsAway'][number]

interface Attempt {
  readonly sentNanos: Nanos
  /** When it was answered; NaN where it failed. */
  readonly doneNanos: Nanos
  /** Its failure may be our own doing: only others beside it make it one of the service. */
  readonly doubtful: boolean
}

/**
 * When a service was away, told by attempts that follow each other closely: from when the first one was made that failed
 * until the first one that was made later succeeded. Where nobody asked, nothing is said. A failure may be told long
 * after it was made (by a deadline), so all are kept until the end: some 400 a second.
 */
export class AwaySpans {
  readonly #attempts: Attempt[] = []
  readonly #doubtNanos: Nanos

  /** `doubtNanos`: failures that are all doubtful count when they were made over at least so long. */
  constructor(doubtNanos: Nanos) {
    this.#doubtNanos = doubtNanos
  }

  failed(sentNanos: Nanos, doubtful = false): void {
    this.#attempts.push({ sentNanos, doneNanos: Number.NaN, doubtful })
  }

  succeeded(sentNanos: Nanos, doneNanos: Nanos): void {
    this.#attempts.push({ sentNanos, doneNanos, doubtful: false })
  }

  spans(): AwaySpan[] {
    const spans: AwaySpan[] = []
    let failures: Attempt[] = []
    const end = (toNanos: Nanos | null) => {
      const [first] = failures
      const last = failures.at(-1)
      if (first && (failures.some(({ doubtful }) => !doubtful) || last!.sentNanos - first.sentNanos >= this.#doubtNanos))
        spans.push({ fromNanos: first.sentNanos, toNanos })
      failures = []
    }
    for (const attempt of this.#attempts.sort((a, b) => a.sentNanos - b.sentNanos)) {
      if (Number.isNaN(attempt.doneNanos)) failures.push(attempt)
      else end(attempt.doneNanos)
    }
    end(null)
    return spans
  }
}
