import type { Nanos } from '../runtime/runtime.ts'

/** A stretch in which every attempt failed. Open (`null`): none has succeeded since. */
export interface AwaySpan {
  readonly fromNanos: Nanos
  readonly toNanos: Nanos | null
}

/** `doneNanos`: when it was answered; NaN where it failed. */
interface Attempt {
  readonly sentNanos: Nanos
  readonly doneNanos: Nanos
}

/**
 * When a service was away, told by attempts that follow each other closely: from when the first one was made that failed
 * until the first one that was made later succeeded. Where nobody asked, nothing is said. A failure may be told long
 * after it was made (by a deadline), so all are kept until the end: some 400 a second.
 */
export class AwaySpans {
  readonly #attempts: Attempt[] = []

  failed(sentNanos: Nanos): void {
    this.#attempts.push({ sentNanos, doneNanos: Number.NaN })
  }

  succeeded(sentNanos: Nanos, doneNanos: Nanos): void {
    this.#attempts.push({ sentNanos, doneNanos })
  }

  spans(): AwaySpan[] {
    const spans: AwaySpan[] = []
    let fromNanos: Nanos | undefined
    for (const { sentNanos, doneNanos } of this.#attempts.sort((a, b) => a.sentNanos - b.sentNanos)) {
      const failed = Number.isNaN(doneNanos)
      if (failed) fromNanos ??= sentNanos
      else if (fromNanos !== undefined) {
        spans.push({ fromNanos, toNanos: doneNanos })
        fromNanos = undefined
      }
    }
    return fromNanos === undefined ? spans : [...spans, { fromNanos, toNanos: null }]
  }
}
