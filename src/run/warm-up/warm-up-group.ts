import type { WarmUp } from '../../measure/run-result.ts'
import type { Nanos } from '../../runtime/runtime.ts'
import type { Workload } from '../../workload/workload.ts'
import type { CellPlan, KnownWarmUp } from '../cell/cell-plan.ts'
import { loadKeyOf, planSubject } from '../cell/plan-subject.ts'

interface Group {
  /** The longest of those that ended. */
  longest: Nanos | undefined
  /** Of the first block, what has not ended yet, in the order of the plan. */
  readonly open: string[]
}

/**
 * The cells of one comparison warm up for one time, the longest that one of them needed: so their measured operations are
 * the same, block by block. In the first block each takes at least the longest of those before it in the plan; what turned
 * out too short is run again; later blocks take it as it is.
 *
 * Cells that run side by side do not wait for each other: one of the first block may begin before those ahead of it have
 * ended, and `stands` says afterwards whether it is what it would have been, had it known how long they took.
 */
export class WarmUpGroups {
  readonly #groups = new Map<string, Group>()
  readonly #groupOfWorkload = new WeakMap<Workload, Group>()
  /** Of the first block, in the order of the plan, with what became of them. */
  readonly #first = new Map<string, { readonly plan: CellPlan; readonly warmUp?: WarmUp }>()

  /** `plans`: all of the run, in their order. */
  constructor(plans: readonly CellPlan[]) {
    for (const plan of plans.filter((one) => one.block === 0 && isAuto(one))) {
      this.#groupOf(plan).open.push(plan.id)
      this.#first.set(seriesOf(plan), { plan })
    }
  }

  /** The plan with what is known of its warm-up by now. */
  prepared(plan: CellPlan): CellPlan {
    if (!isAuto(plan) || plan.warmUp) return plan
    const { longest } = this.#groupOf(plan)
    if (longest === undefined) return plan
    return plan.block === 0 ? { ...plan, warmUpAtLeastNanos: longest } : { ...plan, warmUp: this.#known(plan, longest) }
  }

  /** Whether all has ended that decides how long this plan warms up. */
  knows(plan: CellPlan): boolean {
    if (!isAuto(plan) || plan.warmUp) return true
    const { open } = this.#groupOf(plan)
    return open.length === 0 || open[0] === plan.id
  }

  /**
   * Once `knows` says yes: whether what was `prepared` before that is the cell that it would be now. `warmUp`: how it warmed up,
   * where it has ended.
   */
  stands(prepared: CellPlan, warmUp: WarmUp | undefined): boolean {
    const { longest } = this.#groupOf(prepared)
    // One that took as long by itself would have been told nothing new.
    return longest === undefined || longest === prepared.warmUpAtLeastNanos || (warmUp !== undefined && warmUp.nanos >= longest)
  }

  /** It ended, or never will: `warmUp` is undefined. */
  ended(plan: CellPlan, warmUp: WarmUp | undefined): void {
    if (!isAuto(plan)) return
    const group = this.#groupOf(plan)
    const place = plan.block === 0 ? group.open.indexOf(plan.id) : -1
    if (place >= 0) group.open.splice(place, 1)
    if (!warmUp) return
    group.longest = Math.max(group.longest ?? 0, warmUp.nanos)
    if (plan.block === 0) this.#first.set(seriesOf(plan), { plan, warmUp })
  }

  /** Cells of the first block that warmed up for less than the longest of their group, to be run again with it. */
  tooShort(): CellPlan[] {
    return [...this.#first.values()]
      .filter(({ plan, warmUp }) => warmUp && warmUp.nanos < this.#groupOf(plan).longest!)
      .map(({ plan }) => {
        const { warmUpAtLeastNanos: _, ...rest } = plan
        return { ...rest, warmUp: this.#known(plan, this.#groupOf(plan).longest!) }
      })
  }

  /** A cell that was not steady in time is so in no block: only its seed differs. */
  #known(plan: CellPlan, nanos: Nanos): KnownWarmUp {
    const unsteady = this.#first.get(seriesOf(plan))?.warmUp?.endedBecause === 'cap'
    return { nanos, endedBecause: unsteady ? 'cap' : 'as long as its comparison' }
  }

  /** What does the same work under the same load is compared, whatever target and client it has. */
  #groupOf(plan: CellPlan): Group {
    const known = this.#groupOfWorkload.get(plan.workload)
    if (known) return known
    const key = loadKeyOf(planSubject(plan))
    const group = this.#groups.get(key) ?? { longest: undefined, open: [] }
    this.#groups.set(key, group)
    this.#groupOfWorkload.set(plan.workload, group)
    return group
  }
}

/** The same cell in every block: its id without the block. */
function seriesOf({ id, block }: CellPlan): string {
  return id.slice(0, -`/${block}`.length)
}

function isAuto({ workload }: CellPlan): boolean {
  return workload.phases.some(({ auto }) => auto)
}
