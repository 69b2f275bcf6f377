import type { Plant } from '../instance/instance.ts'
import type { RunFolder } from '../run-folder.ts'
import type { RunObserver } from '../run-observer.ts'

/** What all cells of a run share. */
export interface CellContext {
  readonly seed: number
  readonly virtual: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  /** "cacheproof:<run>:": every key of the run begins with it. */
  readonly runPrefix: string
  /** Absent: nothing is written (the package's API, tests). */
  readonly folder?: RunFolder
  readonly signal: AbortSignal
  readonly observer: RunObserver
  /** `--i-own-this-target`. */
  readonly faultsAllowed: boolean
  readonly plant?: Plant
}
