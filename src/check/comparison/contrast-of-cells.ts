import type { Contrast, ContrastInput, Episodes } from '../../measure/inference/contrast.ts'
import { contrastOf } from '../../measure/inference/contrast-of.ts'
import { type Figure, isMissing, type MeasuredFigure, singleValue } from '../../measure/metrics/figure.ts'
import { measureFigure } from '../../measure/metrics/measure-figure.ts'
import type { Metric } from '../../measure/metrics/metric.ts'
import { sampleOf } from '../../measure/metrics/sample.ts'
import type { Cell } from '../../measure/run-result.ts'
import type { ComparedCell } from './alternatives.ts'

export interface ContrastOptions {
  readonly confidence: number
  readonly equivalentWithin: number
  /** Blocks of different runs are the same block where time is virtual and the seed is one. */
  readonly pairsAcrossRuns: boolean
}

/** Undefined where one side has no figure. */
export function contrastOfCells(
  metric: Metric,
  baseline: readonly ComparedCell[],
  candidate: readonly ComparedCell[],
  { confidence, equivalentWithin, pairsAcrossRuns }: ContrastOptions,
): Contrast | undefined {
  const pairs = sameBlocks(baseline, candidate, pairsAcrossRuns)
  const measured = pairs.flatMap(({ one, other }) => {
    const [first, second] = [figureOf(metric, [one]), figureOf(metric, [other])]
    return isMissing(first) || isMissing(second) ? [] : [{ first, second }]
  })
  if (pairs.length > 0 && measured.length === 0) return notInOneBlock(metric, baseline, candidate, confidence)
  const sides =
    pairs.length > 0
      ? { paired: true, baseline: measured.map(({ first }) => first), candidate: measured.map(({ second }) => second) }
      : { paired: false, baseline: byRun(metric, baseline), candidate: byRun(metric, candidate) }
  if (sides.baseline.length === 0 || sides.candidate.length === 0) return undefined
  const input: ContrastInput = {
    scale: [...sides.baseline, ...sides.candidate].some(({ low }) => low === 0) ? 'share' : scaleOf(metric),
    better: metric.better,
    ...sides,
    confidence,
    equivalentWithin,
    mostFailures: metric.mostFailures,
    episodes: episodesOf(metric, baseline, candidate),
  }
  return contrastOf(input)
}

/** Shares and counts may be zero on one side; everything else is compared as a ratio, unless a block has none of it. */
export function scaleOf({ unit }: Pick<Metric, 'unit'>): ContrastInput['scale'] {
  return unit === 'ratio' || unit === 'count' ? 'share' : 'ratio'
}

function sameBlocks(baseline: readonly ComparedCell[], candidate: readonly ComparedCell[], acrossRuns: boolean) {
  return baseline.flatMap((one) => {
    const other = candidate.find(({ cell, run }) => cell.block === one.cell.block && (acrossRuns || run === one.run))
    return other ? [{ one: one.cell, other: other.cell }] : []
  })
}

/** All blocks together may still have the figure: it is shown, and no block can be held against another. Undefined where they have not. */
function notInOneBlock(
  metric: Metric,
  baseline: readonly ComparedCell[],
  candidate: readonly ComparedCell[],
  confidence: number,
): Contrast | undefined {
  const [first, second] = [baseline, candidate].map((members) =>
    figureOf(
      metric,
      members.map(({ cell }) => cell),
    ),
  ) as [Figure, Figure]
  if (isMissing(first) || isMissing(second)) return undefined
  const block = figureOf(metric, [candidate[0]!.cell])
  const scale = scaleOf(metric)
  const single = [singleValue(first), singleValue(second)] as const
  const known = single[0] !== null && single[1] !== null
  const estimate = !known ? null : scale === 'share' ? single[1]! - single[0]! : single[0]! > 0 ? single[1]! / single[0]! : null
  return {
    scale,
    paired: false,
    blocks: 0,
    estimate,
    confidence,
    why: `no block has the figure by itself: ${isMissing(block) ? block.missing : 'too little was measured'}`,
  }
}

/** Runs on real time share nothing block by block: each is one observation. */
function byRun(metric: Metric, members: readonly ComparedCell[]): MeasuredFigure[] {
  const runs = [...new Set(members.map(({ run }) => run))]
  return runs.flatMap((run) => {
    const figure = figureOf(
      metric,
      members.filter((one) => one.run === run).map(({ cell }) => cell),
    )
    return isMissing(figure) ? [] : [figure]
  })
}

function figureOf(metric: Metric, cells: readonly Cell[]): Figure {
  return measureFigure(metric, sampleOf(cells))
}

/** Stale reads come in bursts, one a stale entry. */
function episodesOf({ name }: Metric, baseline: readonly ComparedCell[], candidate: readonly ComparedCell[]): ContrastInput['episodes'] {
  return name === 'stale_ratio' ? { baseline: staleEpisodes(baseline), candidate: staleEpisodes(candidate) } : undefined
}

function staleEpisodes(members: readonly ComparedCell[]): Episodes {
  const all = members.flatMap(({ cell }) => cell.staleness ?? [])
  const sum = (pick: (one: (typeof all)[number]) => number) => all.reduce((total, one) => total + pick(one), 0)
  return {
    episodes: sum(({ staleEpisodes = 0 }) => staleEpisodes),
    events: sum(({ staleReads }) => staleReads),
    observations: sum(({ refutableReads, judgedReads }) => refutableReads ?? judgedReads),
  }
}
