import { resolveMetric } from '../../measure/metrics/catalogue.ts'
import type { Metric } from '../../measure/metrics/metric.ts'

/** What a report needs to know of a figure that is told by its metric's name. */
export type FigureMetric = Pick<Metric, 'name' | 'unit' | 'better' | 'head' | 'summary'>

/**
 * The metric of a figure, whichever run it comes from: a class of operation that only a pattern knows ("read_hit.p99")
 * is a latency, too, and what no metric is called any more is a plain number.
 */
export function figureMetric(name: string): FigureMetric {
  const known = resolveMetric(name, [classOf(name)])?.metric
  return known ?? { name, unit: 'number', better: 'none', head: name.replaceAll('_', ' '), summary: '' }
}

/** "read p99" of "read.p99"; undefined for what is no latency. */
export function latencyWords(name: string): string | undefined {
  const match = /^(?<operations>[^.]+)\.(?<statistic>p[\d.]+|max|mean)$/.exec(name)
  return match ? `${classOf(name)} ${match.groups!['statistic']}` : undefined
}

function classOf(name: string): string {
  return name.split('.')[0]!.replaceAll('_', ' ')
}
