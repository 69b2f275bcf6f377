import type { WarmUp } from '../../measure/run-result.ts'
import type { Nanos } from '../../runtime/runtime.ts'
import type { CellPlan, KnownWarmUp } from '../cell/cell-plan.ts'
import { loadKeyOf, planSubject } from '../cell/plan-subject.ts'

/**
 * The cells of one comparison warm up for one time, the longest that one of them needed: so their measured operations are
 * the same, block by block. In the first block each takes at least the longest so far; what turned out too short is run
 * again; later blocks take it as it is.
 */
export class WarmUpGroups {
  readonly #longest = new Map<string, Nanos>()
  readonly #first = new Map<string, { readonly plan: CellPlan; readonly warmUp: WarmUp }>()

  /** The plan with what is known of its warm-up by now. */
  prepared(plan: CellPlan): CellPlan {
    const longest = this.#longest.get(groupOf(plan))
    if (longest === undefined || !isAuto(plan)) return plan
    return plan.block === 0 ? { ...plan, warmUpAtLeastNanos: longest } : { ...plan, warmUp: this.#known(plan, longest) }
  }

  ended(plan: CellPlan, warmUp: WarmUp | undefined): void {
    if (!warmUp || !isAuto(plan)) return
    const group = groupOf(plan)
    this.#longest.set(group, Math.max(this.#longest.get(group) ?? 0, warmUp.nanos))
    if (plan.block === 0) this.#first.set(seriesOf(plan), { plan, warmUp })
  }

  /** Cells of the first block that warmed up for less than the longest of their group, to be run again with it. */
  tooShort(): CellPlan[] {
    return [...this.#first.values()]
      .filter(({ plan, warmUp }) => warmUp.nanos < this.#longest.get(groupOf(plan))!)
      .map(({ plan }) => {
        const { warmUpAtLeastNanos: _, ...rest } = plan
        return { ...rest, warmUp: this.#known(plan, this.#longest.get(groupOf(plan))!) }
      })
  }

  /** A cell that was not steady in time is so in no block: only its seed differs. */
  #known(plan: CellPlan, nanos: Nanos): KnownWarmUp {
    const unsteady = this.#first.get(seriesOf(plan))?.warmUp.endedBecause === 'cap'
    return { nanos, endedBecause: unsteady ? 'cap' : 'as long as its comparison' }
  }
}

/** What does the same work under the same load is compared. */
function groupOf(plan: CellPlan): string {
  return loadKeyOf(planSubject(plan))
}

/** The same cell in every block: its id without the block. */
function seriesOf({ id, block }: CellPlan): string {
  return id.slice(0, -`/${block}`.length)
}

function isAuto({ workload }: CellPlan): boolean {
  return workload.phases.some(({ auto }) => auto)
}
