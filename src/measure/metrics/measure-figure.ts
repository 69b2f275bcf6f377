import type { Cell } from '../run-result.ts'
import { metricNamed } from './catalogue.ts'
import { type Figure, missing, singleValue } from './figure.ts'
import type { Metric } from './metric.ts'
import { type Sample, sampleOf } from './sample.ts'

/** The one way to a metric's figure. An older run whose tallies mean something else gives none. */
export function measureFigure(metric: Metric, sample: Sample): Figure {
  if (sample.cells.some(({ definitions }) => definitions < (metric.definition ?? 1))) {
    return missing(`it was measured by an older definition of ${metric.name}, and no whole history is there to measure it again`)
  }
  return metric.measure(sample)
}

/** A metric of one cell over its whole measured time, where it is one number; null else. */
export function figureOfCell(cell: Cell, name: string): number | null {
  return singleValue(measureFigure(metricNamed(name), sampleOf([cell])))
}
