import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Histogram } from '../../src/measure/histogram.ts'
import { mergedHistogram } from '../../src/measure/latency.ts'
import type { Cell, ClassMeasurement, RunResult } from '../../src/measure/run-result.ts'

/** Everything that long runs read out of a run.json, in one place: when the format moves, this moves. */

export function readRun(folder: string): RunResult {
  return JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunResult
}

/** Classes of the application's own operations. */
export function applicationClasses(cell: Cell, kind?: ClassMeasurement['kind']): readonly ClassMeasurement[] {
  return cell.classes.filter((one) => one.layer === 'app' && (kind === undefined || one.kind === kind))
}

/** Due -> answered, of the application's operations of these classes together. */
export function responseOf(classes: readonly ClassMeasurement[]): Histogram {
  return mergedHistogram(classes.flatMap((one) => one.response ?? []))
}

/** Sent -> answered. */
export function serviceOf(classes: readonly ClassMeasurement[]): Histogram {
  return mergedHistogram(classes.flatMap((one) => one.service ?? []))
}
