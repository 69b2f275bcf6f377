import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Which operations an instance that is a process may have begun, known to whoever outlives it: in a closed loop nobody else
 * could tell, since only answers set its pace. It claims operations before it begins them, in a file that has no name, so
 * that nothing is left of it. About a microsecond a claim.
 */
export class ClaimsFile {
  /** For the process that claims. */
  readonly handle: number
  readonly #value = new Float64Array(1)

  /** Throws what the file system throws. */
  constructor() {
    const path = join(tmpdir(), `cacheproof-claims-${process.pid}-${Math.random().toString(36).slice(2)}`)
    this.handle = openSync(path, 'wx+', 0o600)
    unlinkSync(path)
  }

  /** No operation from this one on was begun. */
  read(): number {
    return readSync(this.handle, this.#value, 0, 8, 0) === 8 ? this.#value[0]! : 0
  }

  close(): void {
    closeSync(this.handle)
  }
}

export class Claims {
  readonly #handle: number
  readonly #ahead: number
  readonly #value = new Float64Array(1)

  /** `ahead`: so many indices are claimed at a time. What is claimed and not begun before its instance is killed nobody begins. */
  constructor(handle: number, ahead: number) {
    this.#handle = handle
    this.#ahead = ahead
  }

  /** This operation is about to begin. */
  claim(index: number): void {
    if (index < this.#value[0]!) return
    this.#value[0] = index + this.#ahead
    writeSync(this.#handle, this.#value, 0, 8, 0)
  }
}
