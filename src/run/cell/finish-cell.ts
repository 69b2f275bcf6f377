import { judgeAudit } from '../../check/audit.ts'
import { judgeCell } from '../../check/judge.ts'
import type { WireTotals } from '../../check/measure-wire.ts'
import { hashOfSource } from '../../measure/history-hash.ts'
import type { HistorySource } from '../../measure/history-source.ts'
import { mergedHistogram } from '../../measure/latency.ts'
import { sumOf, totalOf } from '../../measure/metrics/tally-sums.ts'
import type { OperationRecorder } from '../../measure/operation-recorder.ts'
import type { Cell, ClassMeasurement, Service, WarmUp } from '../../measure/run-result.ts'
import type { Verdict } from '../../measure/verdict.ts'
import type { Nanos } from '../../runtime/runtime.ts'
import type { LoadSpec } from '../../workload/workload.ts'
import type { AuditReading } from './audit-meter.ts'

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
  readonly reading: AuditReading
  readonly warmUp?: WarmUp
  readonly wireTotals?: WireTotals
  readonly service?: Service
  readonly endedEarly?: string
  readonly traceHash?: string
}

export interface FinishedCell {
  readonly cell: Cell
  readonly verdicts: readonly Verdict[]
}

/** From what was measured to the whole cell, judged. The same for a run that ended, one that died and one reported again. */
export async function finishCell(input: FinishCellInput): Promise<FinishedCell> {
  const { began, history, load } = input
  const classes = input.operations.classMeasurements(input.endedNanos)
  const app = classes.filter(({ layer }) => layer === 'app')
  const unstarted = sumOf(app, (one) => one.unstarted)
  const faulted = input.events.some(({ kind }) => kind === 'fault')
  const cell: Cell = {
    ...began,
    durationNanos: input.endedNanos,
    measuredNanos: input.measuredNanos,
    events: [...input.events].sort((a, b) => a.startNanos - b.startNanos),
    ...(input.service && { service: input.service }),
    ...(input.warmUp && { warmUp: input.warmUp }),
    classes,
    series: input.operations.series(input.endedNanos),
    audit: judgeAudit(
      {
        offeredPerSecond: load.kind === 'open' ? load.ratePerSecond : null,
        startedPerSecond: input.measuredNanos === 0 ? 0 : ((totalOf(app) - unstarted) * 1e9) / input.measuredNanos,
        scheduleLagP99Nanos: scheduleLagP99Nanos(app),
        unstarted,
        ...input.reading,
      },
      { targetHeldBack: unstarted > 0 || faulted },
    ),
    history: {
      level: began.history.level,
      rows: history?.length ?? 0,
      ...(history && input.historyFile !== undefined && { file: input.historyFile }),
      tornSegments: input.torn,
      hash: history ? await hashOfSource(history) : '',
    },
    ...(input.endedEarly !== undefined && { endedEarly: input.endedEarly }),
    ...(input.traceHash !== undefined && { traceHash: input.traceHash }),
  }
  const recorded = { operations: input.operations, ...(input.wireTotals && { totals: input.wireTotals }) }
  const { verdicts, ...measures } = await judgeCell(cell, history, recorded)
  return { cell: { ...cell, ...measures }, verdicts }
}

/**
 * Over all operations together and from the histogram: a percentile that is too coarse to be printed (99 % has to
 * have 10 000 values) is still the generator's, and a short run can lag as well as a long one.
 */
function scheduleLagP99Nanos(app: readonly ClassMeasurement[]): Nanos {
  const lag = mergedHistogram(app.flatMap((one) => one.lag ?? []))
  return lag.count === 0 ? 0 : lag.percentileNanos(99)
}
