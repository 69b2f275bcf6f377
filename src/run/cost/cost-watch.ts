import type { Cost } from '../../measure/run-result.ts'
import { type Nanos, type Runtime, SECOND, type Timer } from '../../runtime/runtime.ts'
import type { CacheState } from '../../targets/cache-state.ts'

export interface CostWatchOptions {
  readonly runtime: Runtime
  /** Asks the cache; undefined where it does not tell. */
  readonly readState: (done: (state: CacheState | undefined) => void) => void
  /** Processor time that the server has used so far, and of which process; undefined where nobody can say. */
  readonly readProcessor: () => { readonly pid: number; readonly nanos: number } | undefined
}

interface Look {
  readonly atNanos: Nanos
  readonly pid: number
  readonly nanos: number
}

/** Often enough to see the most that a cache holds, seldom enough to cost nothing. */
const LOOK_EVERY_NANOS = SECOND

/** Asks a server of ours what keeping its data takes: before anything is stored, once a second under load, and after it. */
export class CostWatch {
  readonly #options: CostWatchOptions
  #before: CacheState | undefined
  #last: CacheState | undefined
  #peakBytes = 0
  #processor: Look[] = []
  #timer: Timer | undefined

  constructor(options: CostWatchOptions) {
    this.#options = options
  }

  /** Before the cache is filled; the server is empty then, if it is not one that was left running. */
  async lookBefore(): Promise<void> {
    await this.#options.runtime.run('what the empty cache takes', async (task) => {
      this.#before = await task.wait<CacheState | undefined>('its answer', (settle) => this.#options.readState(settle))
    })
  }

  /** Within the load's own `run`. */
  start(): void {
    this.#look()
  }

  /** Looks a last time, and then calls back. */
  end(done: () => void): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#readProcessor()
    this.#options.readState((state) => {
      this.#take(state)
      done()
    })
  }

  #look(): void {
    this.#readProcessor()
    this.#options.readState((state) => this.#take(state))
    this.#timer = this.#options.runtime.after(LOOK_EVERY_NANOS, () => this.#look())
  }

  #take(state: CacheState | undefined): void {
    if (!state) return
    this.#last = state
    this.#peakBytes = Math.max(this.#peakBytes, state.usedBytes)
  }

  #readProcessor(): void {
    const read = this.#options.readProcessor()
    if (read) this.#processor.push({ atNanos: this.#options.runtime.now(), ...read })
  }

  /** `measured`: of the runtime. Undefined where the cache told nothing of itself. */
  cost(measured: { readonly fromNanos: Nanos; readonly toNanos: Nanos }): Cost | undefined {
    if (!this.#before || !this.#last) return undefined
    const serverProcessorNanos = this.#processorNanos(measured)
    return {
      beforeBytes: this.#before.usedBytes,
      peakBytes: Math.max(this.#peakBytes, this.#before.usedBytes),
      afterBytes: this.#last.usedBytes,
      items: this.#last.items,
      // A server that was started again counts from zero.
      evictions: Math.max(0, this.#last.evictions - this.#before.evictions),
      ...(serverProcessorNanos !== undefined && { serverProcessorNanos }),
    }
  }

  /** From the first look within the measured time to the last one, for all of it. Of a process that was started again nothing is said. */
  #processorNanos({ fromNanos, toNanos }: { readonly fromNanos: Nanos; readonly toNanos: Nanos }): number | undefined {
    const within = this.#processor.filter(({ atNanos }) => atNanos >= fromNanos && atNanos <= toNanos + LOOK_EVERY_NANOS)
    const [first, last] = [within[0], within.at(-1)]
    if (!first || !last || last.atNanos === first.atNanos || within.some(({ pid }) => pid !== first.pid)) return undefined
    return ((last.nanos - first.nanos) * (toNanos - fromNanos)) / (last.atNanos - first.atNanos)
  }
}
