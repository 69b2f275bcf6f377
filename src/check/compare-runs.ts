import { type PairedRatio, pairedRatio } from '../measure/paired-ratio.ts'
import type { Cell, RunResult } from '../measure/run-result.ts'
import { COMPARED_FIGURES, type ComparedFigureName, figuresOfCell } from './compared-figures.ts'
import { provenanceDifferences, rowDifferences } from './provenance-differences.ts'

/** A run and the short name under which it is shown. */
export interface LabelledRun {
  readonly label: string
  readonly result: RunResult
}

/** Runs side by side; the first is the baseline. Read by the terminal, `--json` and the HTML page. */
export interface RunComparison {
  readonly labels: readonly string[]
  readonly rows: readonly ComparisonRow[]
  /** What could not be compared, and why. */
  readonly leftOut: readonly LeftOut[]
  /** What else than the thing under test differs between the runs, one sentence each. */
  readonly warnings: readonly string[]
}

/** One workload on one target over one client, in every run that has it. */
export interface ComparisonRow {
  readonly workload: string
  readonly target: string
  readonly client: string
  readonly role: Cell['role']
  readonly figures: readonly ComparedFigure[]
}

export interface ComparedFigure {
  readonly name: ComparedFigureName
  /** By run, in the order of `labels`. */
  readonly values: readonly ComparedValue[]
}

export interface ComparedValue {
  /** Mean of the blocks. Null: not measured in this run. */
  readonly value: number | null
  readonly blocks: number
  /** Against the baseline; absent for the baseline itself and where there is no ratio (nothing measured, or zero). */
  readonly ratio?: PairedRatio
  /** From 6 blocks on, by the interval of the ratio and a margin of 5 %. */
  readonly judgement?: 'better' | 'worse' | 'different' | 'equivalent' | 'inconclusive'
}

export interface LeftOut {
  /** "cache-aside on local:redis over wire" */
  readonly what: string
  readonly label: string
  readonly reason: string
}

/** An interval wholly within 5 % either way is no difference that matters. */
const EQUIVALENCE_MARGIN = 1.05

/**
 * Compares runs by what both measured: cells are matched by workload, target label, client and role, and within them
 * block by block. A cell whose load generator was the bottleneck says nothing about its target and is left out.
 */
export function compareRuns(runs: readonly LabelledRun[]): RunComparison {
  const leftOut: LeftOut[] = []
  const warnings = [...provenanceDifferences(runs)]
  const rows: ComparisonRow[] = []
  for (const [name, byRun] of groupsOf(runs)) {
    const usable = byRun.map((cells, index) => usableCells(cells, name, runs[index]!.label, leftOut))
    const measured = usable.flatMap((cells, index) => (cells.length > 0 ? [index] : []))
    if (measured.length === 0) continue
    if (measured.length === 1) {
      const only = measured[0]!
      // Where the others were left out for a reason of their own, that is told already.
      if (byRun.every((cells, index) => index === only || cells.length === 0)) {
        leftOut.push({ what: name, label: runs[only]!.label, reason: 'only this run has it' })
      }
      continue
    }
    const first = usable[measured[0]!]![0]!
    rows.push({ workload: first.workload, target: first.target.label, client: first.client, role: first.role, figures: figuresOfRow(usable) })
    warnings.push(...rowDifferences(name, usable, runs))
  }
  return { labels: runs.map(({ label }) => label), rows, leftOut, warnings }
}

/** Cells by their name, for each run; in the order in which they first appear. */
function groupsOf(runs: readonly LabelledRun[]): Map<string, Cell[][]> {
  const groups = new Map<string, Cell[][]>()
  for (const [index, { result }] of runs.entries()) {
    for (const cell of result.cells) {
      const name = `${cell.workload}${cell.role === 'baseline' ? ' (baseline)' : ''} on ${cell.target.label} over ${cell.client}`
      let group = groups.get(name)
      if (!group) {
        group = runs.map(() => [])
        groups.set(name, group)
      }
      group[index]!.push(cell)
    }
  }
  return groups
}

function usableCells(cells: readonly Cell[], what: string, label: string, leftOut: LeftOut[]): Cell[] {
  const usable = cells.filter((cell) => cell.notApplicable === undefined && !cell.audit.generatorLimited)
  const inapplicable = cells.find((cell) => cell.notApplicable !== undefined)
  if (inapplicable) leftOut.push({ what, label, reason: `not applicable: ${inapplicable.notApplicable}` })
  const limited = cells.filter((cell) => cell.notApplicable === undefined && cell.audit.generatorLimited)
  if (limited.length > 0) {
    const share = limited.length === cells.length ? '' : ` in ${limited.length} of ${cells.length} blocks`
    leftOut.push({ what, label, reason: `the load generator was the bottleneck${share}: ${limited[0]!.audit.reasons.join('; ')}` })
  }
  return usable
}

function figuresOfRow(byRun: readonly (readonly Cell[])[]): ComparedFigure[] {
  const measured = byRun.map((cells) => cells.map((cell) => ({ block: cell.block, figures: figuresOfCell(cell) })))
  return COMPARED_FIGURES.flatMap(({ name, better }) => {
    const blocks = measured.map((cells) => new Map(cells.flatMap(({ block, figures }) => (figures[name] === null ? [] : [[block, figures[name]]]))))
    if (blocks.every((one) => one.size === 0)) return []
    const baseline = blocks[0]!
    const values = blocks.map((one, index): ComparedValue => {
      const value = one.size === 0 ? null : mean([...one.values()])
      const ratio = index === 0 ? undefined : ratioOf(baseline, one)
      if (ratio === undefined) return { value, blocks: one.size }
      const judgement = judge(ratio, better)
      return { value, blocks: one.size, ratio, ...(judgement === undefined ? {} : { judgement }) }
    })
    return [{ name, values }]
  })
}

/** Over the blocks that both have. */
function ratioOf(baseline: ReadonlyMap<number, number>, candidate: ReadonlyMap<number, number>): PairedRatio | undefined {
  const shared = [...baseline.keys()].filter((block) => candidate.has(block))
  return pairedRatio(
    shared.map((block) => baseline.get(block)!),
    shared.map((block) => candidate.get(block)!),
  )
}

function judge({ interval }: PairedRatio, better: 'more' | 'less' | 'none'): ComparedValue['judgement'] {
  if (interval === undefined) return undefined
  if (interval.low >= 1 / EQUIVALENCE_MARGIN && interval.high <= EQUIVALENCE_MARGIN) return 'equivalent'
  if (interval.low <= 1 && interval.high >= 1) return 'inconclusive'
  if (better === 'none') return 'different'
  return interval.low > 1 === (better === 'more') ? 'better' : 'worse'
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
