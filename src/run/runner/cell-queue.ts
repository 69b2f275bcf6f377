import type { WarmUp } from '../../measure/run-result.ts'
import type { CellPlan } from '../cell/cell-plan.ts'
import type { FinishedCell } from '../cell/finish-cell.ts'
import type { WarmUpGroups } from '../warm-up/warm-up-group.ts'
import type { CellRunner, CellTold } from './cell-runner.ts'

/** Who hears of the cells. Everything is told in the order of the plan, however many run at once and whichever ends first. */
export interface CellListener extends CellTold {
  began(plan: CellPlan, position: number): void
  ended(plan: CellPlan, finished: FinishedCell): void
  /** Throws what is to end the run. */
  failed(plan: CellPlan, error: unknown): void
  /** Of the first block, those that warmed up for too short a time. */
  runAgain(plans: readonly CellPlan[]): void
}

/** A cell on its way. */
class Job {
  readonly plan: CellPlan
  readonly position: number
  state: 'waiting' | 'running' | 'ended' = 'waiting'
  /** With what was known of its warm-up when it began. */
  prepared: CellPlan
  /** It began before all of that was known, and may have to begin again. */
  isGuess = false
  outcome: { readonly finished: FinishedCell } | { readonly error: unknown } | undefined
  /** Its comparison knows how long it warmed up. */
  isCounted = false
  isToldOf = false
  /** What it told before its turn came. */
  untold: (() => void)[] = []

  constructor(plan: CellPlan, position: number) {
    this.plan = plan
    this.prepared = plan
    this.position = position
  }

  get warmUp(): WarmUp | undefined {
    return this.outcome && 'finished' in this.outcome ? this.outcome.finished.cell.warmUp : undefined
  }

  beginAgain(): void {
    this.state = 'waiting'
    this.isGuess = false
    this.outcome = undefined
    this.untold = []
  }
}

export interface CellQueueOptions {
  readonly plans: readonly CellPlan[]
  readonly runners: readonly CellRunner[]
  readonly warmUps: WarmUpGroups
  readonly listener: CellListener
  readonly signal: AbortSignal
  /** On the run's axis: when the cell that begins now begins. */
  readonly nowNanos: () => number
}

/**
 * Hands cells to runners, and their results over in the order of the plan: with one runner one after another, with more side
 * by side. What is told and what comes of it is the same: a cell knows nothing of others but how long its comparison warms
 * up, and one that began before that was known begins again where it matters.
 */
export class CellQueue {
  readonly #options: CellQueueOptions
  readonly #jobs: Job[]
  /** Of the job that is told of next. */
  #turn = 0
  #hasRunAgain = false
  #failure: { readonly error: unknown } | undefined
  #idle: (() => void)[] = []

  constructor(options: CellQueueOptions) {
    this.#options = options
    this.#jobs = options.plans.map((plan, position) => new Job(plan, position))
  }

  /** Until every cell has ended; after Ctrl-C until those under way have. Rejects with what the listener throws. */
  async run(): Promise<void> {
    await Promise.all(this.#options.runners.map((runner) => this.#serve(runner)))
    this.#told()
    if (this.#failure) throw this.#failure.error
  }

  async #serve(runner: CellRunner): Promise<void> {
    for (;;) {
      const job = this.#next()
      if (job) {
        await this.#begin(job, runner)
        for (const wake of this.#idle.splice(0)) wake()
      } else {
        if (!this.#jobs.some(({ state }) => state === 'running')) return
        await new Promise<void>((resolve) => this.#idle.push(resolve))
      }
    }
  }

  /** What is sure goes before a guess: none of its work can be in vain. */
  #next(): Job | undefined {
    const { warmUps, signal } = this.#options
    if (signal.aborted || this.#failure) return undefined
    const waiting = this.#jobs.filter(({ state }) => state === 'waiting')
    return waiting.find(({ plan }) => warmUps.knows(plan)) ?? waiting.find(({ plan }) => plan.block === 0)
  }

  async #begin(job: Job, runner: CellRunner): Promise<void> {
    const { warmUps, listener, nowNanos } = this.#options
    job.state = 'running'
    job.isGuess = !warmUps.knows(job.plan)
    job.prepared = warmUps.prepared(job.plan)
    this.#told()
    const tell = (act: () => void) => (this.#isHeard(job) ? act() : void job.untold.push(act))
    try {
      const finished = await runner.run(job.prepared, nowNanos(), {
        journal: (entry) => tell(() => listener.journal(entry)),
        note: (text) => tell(() => listener.note(text)),
        progress: (progress) => {
          if (this.#isHeard(job)) listener.progress(progress)
        },
      })
      job.outcome = { finished }
    } catch (error) {
      job.outcome = { error }
    }
    job.state = 'ended'
    this.#told()
  }

  #isHeard(job: Job): boolean {
    return this.#jobs[this.#turn] === job && !job.isGuess
  }

  /** Tells all that can be told by now. The first thing that goes wrong ends the others. */
  #told(): void {
    if (this.#failure) return
    try {
      this.#makeSure()
      while (this.#turn < this.#jobs.length && this.#tellOf(this.#jobs[this.#turn]!)) this.#turn++
    } catch (error) {
      this.#failure = { error }
      for (const runner of this.#options.runners) void runner.close()
    }
  }

  /** In the order of the plan, since each may decide how long those after it warm up. */
  #makeSure(): void {
    const { warmUps, signal } = this.#options
    for (const job of this.#jobs) {
      if (job.isGuess && signal.aborted) job.isGuess = false
      if (job.state === 'waiting' || job.isCounted || !warmUps.knows(job.plan)) continue
      if (job.isGuess) {
        const isFutile = job.state === 'ended' && job.warmUp === undefined
        if (isFutile || warmUps.stands(job.prepared, job.warmUp)) job.isGuess = false
        else if (job.state === 'ended') job.beginAgain()
      }
      if (job.state !== 'ended') continue
      warmUps.ended(job.prepared, job.warmUp)
      job.isCounted = true
    }
  }

  /** Says whether it is over. */
  #tellOf(job: Job): boolean {
    const { listener, signal } = this.#options
    if (job.state === 'waiting') return signal.aborted
    if (job.isGuess) return false
    if (!job.isToldOf) listener.began(job.prepared, job.position)
    job.isToldOf = true
    for (const act of job.untold.splice(0)) act()
    if (job.state === 'running' || job.outcome === undefined) return false
    if ('finished' in job.outcome) listener.ended(job.prepared, job.outcome.finished)
    else listener.failed(job.prepared, job.outcome.error)
    if (!signal.aborted && this.#jobs[this.#turn + 1]?.plan.block !== 0) this.#runAgain(job)
    return true
  }

  /** Once the first block is over. */
  #runAgain({ position, plan: { block } }: Job): void {
    if (block > 0 || this.#hasRunAgain) return
    this.#hasRunAgain = true
    const again = this.#options.warmUps.tooShort()
    if (again.length === 0) return
    this.#options.listener.runAgain(again)
    this.#jobs.splice(this.#turn + 1, 0, ...again.map((plan) => new Job(plan, position)))
  }
}
