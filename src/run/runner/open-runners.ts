import type { CellContext } from '../cell/cell-context.ts'
import type { CellPlan } from '../cell/cell-plan.ts'
import { operationsAtMost } from '../cell/operations-at-most.ts'
import type { CellRunner } from './cell-runner.ts'
import { createInProcessRunner } from './in-process-runner.ts'
import { createThreadRunner } from './thread-runner.ts'

/** About two seconds of work. A thread takes 0.4 s of a core before its first cell, which less would not bring back. */
const OPERATIONS_WORTH_A_THREAD = 60_000

/**
 * What runs the cells: this thread and, on virtual time, as many more as `workers` says beside it. On real time cells would
 * disturb each other, and what a test plants are functions, which stay where they are.
 */
export function openRunners(plans: readonly CellPlan[], context: CellContext, workers: number): readonly CellRunner[] {
  const wanted = context.virtual && !context.plant ? Math.min(workers, plans.length) - 1 : 0
  const operations = plans.reduce((sum, { workload }) => sum + operationsAtMost(workload), 0)
  const threads = operations < OPERATIONS_WORTH_A_THREAD ? 0 : wanted
  return [createInProcessRunner(context), ...Array.from({ length: threads }, () => createThreadRunner(context))]
}
