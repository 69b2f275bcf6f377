import { judgeAudit } from '../../check/audit.ts'
import type { WireTotals } from '../../check/cache-value.ts'
import { judgeCell } from '../../check/judge.ts'
import type { HistoryColumns } from '../../measure/history.ts'
import { historyHash } from '../../measure/history-hash.ts'
import { mergedHistogram } from '../../measure/latency.ts'
import type { Cell, ClassMeasurement, Series } from '../../measure/run-result.ts'
import type { Verdict } from '../../measure/verdict.ts'
import type { Nanos } from '../../runtime/runtime.ts'
import type { LoadSpec } from '../../workload/workload.ts'
import type { AuditReading } from './audit-meter.ts'

export interface FinishCellInput {
  /** What was known when the cell began. */
  readonly began: Cell
  readonly load: LoadSpec
  readonly columns: HistoryColumns | undefined
  readonly torn: number
  readonly historyFile: string | undefined
  readonly classes: readonly ClassMeasurement[]
  readonly series: Series
  readonly endedNanos: Nanos
  readonly measuredNanos: Nanos
  readonly events: Cell['events']
  readonly censored: number
  readonly reading: AuditReading
  readonly wireTotals?: WireTotals
  readonly endedEarly?: string
  readonly traceHash?: string
}

export interface FinishedCell {
  readonly cell: Cell
  readonly verdicts: readonly Verdict[]
}

/** From what was measured to the whole cell, judged. The same for a run that ended, one that died and one reported again. */
export function finishCell(input: FinishCellInput): FinishedCell {
  const { began, columns, load } = input
  const app = input.classes.filter(({ layer }) => layer === 'app')
  const operations = app.reduce((sum, one) => sum + one.ok + one.fail + one.info, 0)
  const faulted = input.events.some(({ kind }) => kind === 'fault')
  const cell: Cell = {
    ...began,
    durationNanos: input.endedNanos,
    measuredNanos: input.measuredNanos,
    events: [...input.events].sort((a, b) => a.startNanos - b.startNanos),
    classes: [...input.classes],
    series: input.series,
    audit: judgeAudit(
      {
        offeredPerSecond: load.kind === 'open' ? load.ratePerSecond : null,
        achievedPerSecond: input.measuredNanos === 0 ? 0 : (operations * 1e9) / input.measuredNanos,
        scheduleLagP99Nanos: scheduleLagP99Nanos(app),
        censored: input.censored,
        ...input.reading,
      },
      { targetHeldBack: input.censored > 0 || faulted },
    ),
    history: {
      level: began.history.level,
      rows: columns?.length ?? 0,
      ...(columns && input.historyFile !== undefined && { file: input.historyFile }),
      tornSegments: input.torn,
      hash: columns ? historyHash(columns) : '',
    },
    ...(input.endedEarly !== undefined && { endedEarly: input.endedEarly }),
    ...(input.traceHash !== undefined && { traceHash: input.traceHash }),
  }
  const { verdicts, ...measures } = judgeCell(cell, columns, input.wireTotals)
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
