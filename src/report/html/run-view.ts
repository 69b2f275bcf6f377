import type { Comparison } from '../../check/comparison/comparison.ts'
import type { Cell, RunResult } from '../../measure/run-result.ts'
import { type Answer, answerOf } from '../summary/answer/answer.ts'
import { withPlainNames } from '../summary/answer/level-words.ts'
import { type CellGroup, groupCells, type WorkloadGroups } from '../summary/cell-group.ts'
import { type Html, html } from './html.ts'
import type { PageDetail } from './page-detail.ts'

/** A run as the sections of its page read it. */
export interface RunView {
  readonly result: RunResult
  readonly comparison: Comparison
  readonly answer: Answer
  readonly detail: PageDetail
  readonly workloads: readonly WorkloadGroups[]
  readonly groups: readonly CellGroup[]
  readonly cells: ReadonlyMap<string, { readonly cell: Cell; readonly group: CellGroup }>
}

export function viewRun(result: RunResult, given: Comparison, detail: PageDetail): RunView {
  const comparison = withPlainNames(given)
  const workloads = groupCells(result)
  const groups = workloads.flatMap((one) => one.groups)
  const cells = new Map(groups.flatMap((group) => group.cells.map((cell) => [cell.id, { cell, group }] as const)))
  return { result, comparison, answer: answerOf(comparison), detail, workloads, groups, cells }
}

/** "cache-aside on local:redis", linked to its charts. An id that is not in the run stays as it is. */
export function cellLink(view: RunView, id: string): Html {
  const found = view.cells.get(id)
  if (!found) return html`<code>${id}</code>`
  const { group, cell } = found
  const block = group.cells.length > 1 ? `, block ${cell.block}` : ''
  return html`<a href="#${group.anchor}">${groupName(group)}${block}</a>`
}

export function groupName(group: CellGroup): string {
  return group.role === 'baseline' ? `${group.workload}, no cache` : `${group.workload} on ${group.label}`
}

/** Blocks of a group in which something happened: none where the pattern does not apply. */
export function measuredCells(group: CellGroup): readonly Cell[] {
  return group.cells.filter((cell) => cell.notApplicable === undefined)
}
