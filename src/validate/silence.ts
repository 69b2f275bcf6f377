/**
 * An endpoint that does not answer is waited for, seconds each time. One that has been silent twice in a row has fallen silent:
 * whoever asks it one thing after the other need not wait for all of them.
 */
export class Silence {
  #inARow = 0

  /** After each thing that was asked; with what went wrong, if anything did. */
  count(error?: unknown): void {
    this.#inARow = isUnanswered(error) ? this.#inARow + 1 : 0
  }

  get isCertain(): boolean {
    return this.#inARow >= ENOUGH
  }
}

const ENOUGH = 2

/** No answer in time, as our client and a bare socket say it; an end of the connection is quickly met, and no silence. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'timeout'
}
