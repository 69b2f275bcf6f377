import { COMPARED } from '../measure/metrics/catalogue.ts'
import { type Figure, isMissing } from '../measure/metrics/figure.ts'
import { measureFigure } from '../measure/metrics/measure-figure.ts'
import type { Metric } from '../measure/metrics/metric.ts'
import { sampleOf } from '../measure/metrics/sample.ts'
import { type PairedRatio, pairedRatio } from '../measure/paired-ratio.ts'
import type { Cell, RunResult } from '../measure/run-result.ts'
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
  /** Of the metric. */
  readonly name: string
  /** By run, in the order of `labels`. */
  readonly values: readonly ComparedValue[]
}

export interface ComparedValue {
  /** All blocks together. */
  readonly figure: Figure
  readonly blocks: number
  /**
   * Against the baseline, block by block; absent for the baseline itself and where there is no ratio (nothing measured,
   * zero, or without an upper bound).
   */
  readonly ratio?: PairedRatio
  /** From 6 blocks on, by the interval of the ratio and a margin of 5 %. */
  readonly judgement?: Judgement
}

export type Judgement = 'better' | 'worse' | 'different' | 'equivalent' | 'inconclusive'

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
 * block by block. A cell whose load generator was the bottleneck says nothing about its target and is left out, and so is
 * one whose figures were defined otherwise.
 */
export function compareRuns(runs: readonly LabelledRun[]): RunComparison {
  const leftOut: LeftOut[] = []
  const warnings = [...provenanceDifferences(runs)]
  const rows: ComparisonRow[] = []
  for (const [name, byRun] of groupsOf(runs)) {
    const definitions = Math.max(...byRun.flatMap((cells) => cells.map((cell) => cell.definitions)))
    const usable = byRun.map((cells, index) => usableCells(cells, definitions, name, runs[index]!.label, leftOut))
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

function usableCells(cells: readonly Cell[], definitions: number, what: string, label: string, leftOut: LeftOut[]): Cell[] {
  const inapplicable = cells.find((cell) => cell.notApplicable !== undefined)
  if (inapplicable) leftOut.push({ what, label, reason: `not applicable: ${inapplicable.notApplicable}` })
  const applicable = cells.filter((cell) => cell.notApplicable === undefined)
  if (applicable.some((cell) => cell.definitions < definitions)) {
    leftOut.push({ what, label, reason: 'its figures are of older definitions: report that run again, with its histories beside it' })
    return []
  }
  const limited = applicable.filter((cell) => cell.audit.generatorLimited)
  if (limited.length > 0) {
    const share = limited.length === cells.length ? '' : ` in ${limited.length} of ${cells.length} blocks`
    leftOut.push({ what, label, reason: `the load generator was the bottleneck${share}: ${limited[0]!.audit.reasons.join('; ')}` })
  }
  return applicable.filter((cell) => !cell.audit.generatorLimited)
}

function figuresOfRow(byRun: readonly (readonly Cell[])[]): ComparedFigure[] {
  return COMPARED.flatMap((metric): ComparedFigure[] => {
    const blocks = byRun.map((cells) => new Map(cells.map((cell) => [cell.block, measureFigure(metric, sampleOf([cell]))])))
    if (blocks.every((one) => [...one.values()].every(isMissing))) return []
    const values = byRun.map((cells, index): ComparedValue => {
      const figure = measureFigure(metric, sampleOf(cells))
      const measured = [...blocks[index]!.values()].filter((one) => !isMissing(one)).length
      return { figure, blocks: measured, ...(index > 0 && comparedBlocks(metric, blocks[0]!, blocks[index]!)) }
    })
    return [{ name: metric.name, values }]
  })
}

/**
 * Over the blocks that both have. Where a figure is a stretch the interval is computed twice, each side at its worse
 * bound; a word needs both.
 */
function comparedBlocks(
  metric: Metric,
  baseline: ReadonlyMap<number, Figure>,
  candidate: ReadonlyMap<number, Figure>,
): Pick<ComparedValue, 'ratio' | 'judgement'> {
  const pairs = [...baseline].flatMap(([block, first]) => {
    const second = candidate.get(block)
    return second === undefined || isMissing(first) || isMissing(second) ? [] : [{ first, second }]
  })
  const highest = pairedRatio(
    pairs.map(({ first }) => first.low),
    pairs.map(({ second }) => second.high),
  )
  const lowest = pairedRatio(
    pairs.map(({ first }) => first.high),
    pairs.map(({ second }) => second.low),
  )
  if (!highest || !lowest) return {}
  const ratio = joined(lowest, highest)
  const judgement = ratio.interval && judge(ratio.interval, metric.better)
  if (judgement === undefined) return { ratio }
  // Definite failures are in no latency: what mostly fails is not fast.
  const failed = Math.max(...pairs.map(({ second }) => second.failedShare ?? 0))
  const hidden = metric.mostFailures !== undefined && failed > 0 && failed >= metric.mostFailures
  const isPraise = judgement === 'better' || judgement === 'equivalent'
  return { ratio, judgement: hidden && isPraise ? 'inconclusive' : judgement }
}

/** What holds for both: the wider interval, and the geometric middle of the two ratios. */
function joined(lowest: PairedRatio, highest: PairedRatio): PairedRatio {
  if (lowest.ratio === highest.ratio) return highest
  const { interval: a, interval: _, ...rest } = highest
  const b = lowest.interval
  return {
    ...rest,
    ratio: Math.sqrt(lowest.ratio * highest.ratio),
    ...(a && b && { interval: { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) } }),
  }
}

function judge({ low, high }: NonNullable<PairedRatio['interval']>, better: Metric['better']): Judgement {
  if (low >= 1 / EQUIVALENCE_MARGIN && high <= EQUIVALENCE_MARGIN) return 'equivalent'
  if (low <= 1 && high >= 1) return 'inconclusive'
  if (better === 'none') return 'different'
  return low > 1 === (better === 'more') ? 'better' : 'worse'
}
