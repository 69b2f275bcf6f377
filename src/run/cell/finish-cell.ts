import { judgeAudit, judgeUnmetered } from '../../check/audit.ts'
import { judgeCell } from '../../check/judge.ts'
import type { WireTotals } from '../../check/measure-wire.ts'
import { processAudit } from '../../check/process-audit.ts'
import type { ProcessMeter } from '../../check/process-meter.ts'
import { unreachableSpans } from '../../check/unreachable-spans.ts'
import { HistoryHash } from '../../measure/history-hash.ts'
import type { HistorySource } from '../../measure/history-source.ts'
import { mergedHistogram } from '../../measure/latency.ts'
import { sumOf, totalOf } from '../../measure/metrics/tally-sums.ts'
import type { OperationRecorder } from '../../measure/operation-recorder.ts'
import type { Audit, Cell, ClassMeasurement, Cost, Service, WarmUp } from '../../measure/run-result.ts'
import type { Verdict } from '../../measure/verdict.ts'
import type { Nanos } from '../../runtime/runtime.ts'
import type { LoadSpec, Workload } from '../../workload/workload.ts'
import { missingLoad } from './missing-load.ts'

export interface FinishCellInput {
  /** What was known when the cell began. */
  readonly began: Cell
  readonly load: LoadSpec
  readonly history: HistorySource | undefined
  readonly torn: number
  readonly historyFile: string | undefined
  readonly operations: OperationRecorder
  readonly endedNanos: Nanos
  readonly measuredNanos: Nanos
  readonly events: Cell['events']
  /** What the cell's processes said of themselves; empty when they can't be asked any more. */
  readonly meters: readonly ProcessMeter[]
  readonly warmUp?: WarmUp
  /** To the cache, when the load began; 0 where none is used. */
  readonly connections?: number
  readonly wireTotals?: WireTotals
  readonly service?: Service
  readonly cost?: Cost
  readonly endedEarly?: string
  readonly traceHash?: string
}

export interface FinishedCell {
  readonly cell: Cell
  readonly verdicts: readonly Verdict[]
}

/** From what was measured to the whole cell, judged. The same for a run that ended, one that died and one reported again. */
export async function finishCell(input: FinishCellInput): Promise<FinishedCell> {
  const { began, history } = input
  const missing = input.endedEarly === undefined ? undefined : missingLoad(began.settings as Workload, input.measuredNanos)
  const classes = input.operations.classMeasurements(input.endedNanos)
  const measured: Omit<Cell, 'audit'> = {
    ...began,
    durationNanos: input.endedNanos,
    measuredNanos: input.measuredNanos,
    events: [...input.events].sort((a, b) => a.startNanos - b.startNanos),
    ...(input.service && { service: input.service }),
    ...(input.cost && { cost: input.cost }),
    ...(input.warmUp && { warmUp: input.warmUp }),
    ...(input.connections && { connections: input.connections }),
    classes,
    series: input.operations.series(input.endedNanos),
    history: {
      level: began.history.level,
      rows: history?.length ?? 0,
      ...(history && input.historyFile !== undefined && { file: input.historyFile }),
      tornSegments: input.torn,
      hash: '',
    },
    ...(input.endedEarly !== undefined && { endedEarly: input.endedEarly }),
    ...(missing && { missing }),
    ...(input.traceHash !== undefined && { traceHash: input.traceHash }),
  }
  const cell: Cell = { ...measured, audit: auditOf(measured, input) }
  const hash = new HistoryHash()
  const recorded = { operations: input.operations, meters: [hash], ...(input.wireTotals && { totals: input.wireTotals }) }
  const { verdicts, ...measures } = await judgeCell(cell, history, recorded)
  return { cell: { ...cell, ...measures, history: { ...cell.history, hash: history ? hash.finish() : '' } }, verdicts }
}

function auditOf(cell: Omit<Cell, 'audit'>, { load, meters, measuredNanos }: FinishCellInput): Audit {
  const app = cell.classes.filter(({ layer }) => layer === 'app')
  const unstarted = sumOf(app, (one) => one.unstarted)
  const numbers = {
    offeredPerSecond: load.kind === 'open' ? load.ratePerSecond : null,
    startedPerSecond: measuredNanos === 0 ? 0 : ((totalOf(app) - unstarted) * 1e9) / measuredNanos,
    scheduleLagP99Nanos: scheduleLagP99Nanos(app),
    unstarted,
  }
  if (meters.length === 0) return judgeUnmetered(numbers, unstarted > 0 || cell.events.some(({ kind }) => kind === 'fault'))
  const phases = cell.events.filter(({ kind, warmUp }) => kind === 'phase' && warmUp !== true)
  const time = {
    measured: phases.map(({ startNanos, endNanos }) => ({ fromNanos: startNanos, toNanos: endNanos ?? cell.durationNanos })),
    unreachable: unreachableSpans(cell),
    stepNanos: cell.series.intervalNanos,
    isOpenLoop: load.kind === 'open',
  }
  return judgeAudit(
    numbers,
    meters.map((meter) => processAudit(meter, time)),
    measuredNanos,
  )
}

/**
 * Over all operations together and from the histogram: a percentile that is too coarse to be printed (99 % has to
 * have 10 000 values) is still the generator's, and a short run can lag as well as a long one.
 */
function scheduleLagP99Nanos(app: readonly ClassMeasurement[]): Nanos {
  const lag = mergedHistogram(app.flatMap((one) => one.lag ?? []))
  return lag.count === 0 ? 0 : lag.percentileNanos(99)
}
