import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import type { Histogram } from '../../src/measure/histogram.ts'
import { mergedHistogram } from '../../src/measure/latency.ts'
import type { Cell, ClassMeasurement, RunResult } from '../../src/measure/run-result.ts'

/**
 * Everything that long runs read out of what a run wrote, in one place: when a format or a word moves, this moves. What
 * is computed here is computed from the tallies of run.json by plain sums, and not by the catalogue that it is to judge.
 */

export function readRun(folder: string): RunResult {
  return JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunResult
}

/** Classes of the application's own operations. */
export function applicationClasses(cell: Cell, kind?: ClassMeasurement['kind']): readonly ClassMeasurement[] {
  return cell.classes.filter((one) => one.layer === 'app' && (kind === undefined || one.kind === kind))
}

export interface Counts {
  readonly ok: number
  readonly failed: number
  readonly unknown: number
  /** Of the unknown: due, and never begun. */
  readonly unstarted: number
  readonly all: number
  readonly errors: Readonly<Record<string, number>>
}

export function countsOf(classes: readonly ClassMeasurement[]): Counts {
  const sum = (pick: (one: ClassMeasurement) => number) => classes.reduce((total, one) => total + pick(one), 0)
  const [ok, failed, unknown] = [sum((one) => one.ok), sum((one) => one.fail), sum((one) => one.info)]
  const errors: Record<string, number> = {}
  for (const one of classes) for (const [code, count] of Object.entries(one.errors)) errors[code] = (errors[code] ?? 0) + count
  return { ok, failed, unknown, unstarted: sum((one) => one.unstarted), all: ok + failed + unknown, errors }
}

export function applicationCounts(cell: Cell, kind?: ClassMeasurement['kind']): Counts {
  return countsOf(applicationClasses(cell, kind))
}

/** Of the calls to the cache. */
export function cacheCounts(cell: Cell): Counts {
  return countsOf(cell.classes.filter(({ layer }) => layer === 'cache'))
}

/** The code with the most errors, and how many it has. */
export function mostFrequentError({ errors }: Counts): { readonly code: string; readonly count: number } | undefined {
  const [first] = Object.entries(errors).sort(([, a], [, b]) => b - a)
  return first && { code: first[0], count: first[1] }
}

/** Successes a second of the measured time. */
export function successesPerSecond(cell: Cell): number {
  return (applicationCounts(cell).ok * 1e9) / cell.measuredNanos
}

/** Of the bytes that were stored: what no operation of the application read; null where it was not measured. */
export function neverReadShare({ wire }: Cell): number | null {
  return !wire || wire.neverReadBytes === null || wire.storedBytes === 0 ? null : wire.neverReadBytes / wire.storedBytes
}

/** Offered in an open loop; null in a closed one. */
export function offeredPerSecond(cell: Cell): number | null {
  return cell.audit.offeredPerSecond
}

/** Whether the run says that its own load generator was the bottleneck. */
export function isGeneratorLimited(cell: Cell): boolean {
  return cell.audit.generatorLimited
}

/** The expectation that was written in these words. */
export function expectationOf(run: RunResult, sentence: string): RunResult['verdicts'][number] | undefined {
  return run.verdicts.find((verdict) => verdict.kind === 'expectation' && verdict.sentence.includes(sentence))
}

/** What the exit code is to be by the verdicts that decide it (README, "Exit codes"). */
export function exitCodeOf(run: RunResult): number {
  const outcomes = run.verdicts.filter(({ gates }) => gates).map(({ outcome }) => outcome)
  return outcomes.includes('fails') ? 1 : outcomes.includes('unknown') ? 4 : 0
}

/** Due -> answered, of operations that succeeded, of these classes together. */
export function responseOf(classes: readonly ClassMeasurement[]): Histogram {
  return mergedHistogram(classes.flatMap((one) => one.response ?? []))
}

/** Sent -> answered. */
export function serviceOf(classes: readonly ClassMeasurement[]): Histogram {
  return mergedHistogram(classes.flatMap((one) => one.service ?? []))
}

/** The words under this head in a row of the report's first table ("read p99"); undefined where there is no such column. */
export function printedFigure(folder: string, head: string, row = 0): string | undefined {
  const lines = readFileSync(join(folder, 'report.md'), 'utf8').split('\n')
  const heads = lines.findIndex((line) => line.startsWith('| workload |'))
  const cells = (line: string | undefined) => line?.split('|').map((one) => one.trim()) ?? []
  const column = cells(lines[heads]).indexOf(head)
  return heads < 0 || column < 0 ? undefined : cells(lines[heads + 2 + row])[column]
}

/** The first number in words such as "8,503/s", "≥ 1.04 s", "25.1 %"; seconds where it is a time. */
export function numberIn(words: string | undefined): number {
  const found = /([\d,]+(?:\.\d+)?) ?(us|ms|s|min)?\b/.exec(words ?? '')
  if (!found) return Number.NaN
  const unit = { us: 1e-6, ms: 1e-3, s: 1, min: 60 }[found[2] ?? 's']!
  return Number(found[1]!.replaceAll(',', '')) * (words!.includes('/s') ? 1 : unit)
}

export interface Lamp {
  readonly colour: 'green' | 'amber' | 'red' | 'none'
  /** Its paragraph: the colour's words and the reasons. */
  readonly words: string
}

/** From what a run printed at its end. */
export function lampIn(stdout: string): Lamp {
  const lines = stdout.split('\n')
  const at = lines.findIndex((line) => line.startsWith('●'))
  if (at < 0) return { colour: 'none', words: '' }
  const rest = lines.slice(at + 1)
  const end = rest.findIndex((line) => !line.startsWith('  '))
  const words = [lines[at]!, ...rest.slice(0, end < 0 ? rest.length : end)].map((line) => line.trim()).join(' ')
  const colour = words.includes('Measured soundly') ? 'green' : words.includes('Trust with care') ? 'amber' : 'red'
  return { colour, words }
}

/** What a reader sees first: everything above the first table of figures. */
export function firstLinesOf(stdout: string): string {
  const lines = stdout.trim().split('\n')
  const table = lines.findIndex((line) => /^ {8,}.*\b(read p\d+|hit ratio|lost|memory)\b/.test(line))
  return (table < 0 ? lines.slice(0, 12) : lines.slice(0, table)).map((line) => line.trim()).join(' ')
}

/** Whether a code stands there together with its count, as "refused 240,908". */
export function namesCount(text: string, code: string, count: number): boolean {
  return text.includes(code) && (text.includes(count.toLocaleString('en-US')) || text.includes(String(count)))
}

export interface HistoryRowRead {
  readonly layer: string
  readonly phase: string
  readonly instance: number
  readonly status: string
}

/** The rows of a cell's history, by a reader of Parquet that is none of ours. */
export async function readHistory(folder: string, cell: Cell): Promise<readonly HistoryRowRead[]> {
  if (cell.history.file === undefined) throw new Error(`${cell.id} has no history`)
  const file = await asyncBufferFromFile(join(folder, cell.history.file))
  return (await parquetReadObjects({ file, columns: ['layer', 'phase', 'instance', 'status'] })) as unknown as readonly HistoryRowRead[]
}
