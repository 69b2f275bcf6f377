import { monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks'
import type { ProcessReading } from '../../check/process-meter.ts'
import type { RealRuntime } from '../../runtime/real-runtime.ts'
import { MILLISECOND } from '../../runtime/runtime.ts'
import { type ClockGaps, LOOK_EVERY_NANOS } from './clock-gaps.ts'

/** What this process goes through while it makes load, or has others make it. Real time only. */
export interface AuditMeter {
  /** From the beginning until now, or until it was stopped. */
  read(): ProcessReading
  /** Idempotent. */
  stop(): void
}

/** The sampling timer of the event loop's delay takes its period: only what is beyond it is delay. */
const RESOLUTION_MILLIS = 1

/** `originNanos`: where the cell's axis begins on the runtime's. */
export function startAuditMeter(
  runtime: Pick<RealRuntime, 'now' | 'idlePollNanos'>,
  clockGaps: ClockGaps,
  originNanos: number = runtime.now(),
): AuditMeter {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MILLIS })
  const loopBefore = performance.eventLoopUtilization()
  const processorBefore = process.cpuUsage()
  const startedNanos = runtime.now()
  const idlePollBefore = runtime.idlePollNanos
  let gcPauseMillis = 0
  const collections = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) gcPauseMillis += entry.duration
  })
  collections.observe({ entryTypes: ['gc'] })
  delay.enable()
  // One that stood still where the load should have begun is late from then on.
  clockGaps.look(Math.min(startedNanos, originNanos))
  clockGaps.look(startedNanos)
  const looks = setInterval(() => clockGaps.look(runtime.now()), LOOK_EVERY_NANOS / MILLISECOND)
  looks.unref()
  let last: ProcessReading | undefined

  const read = (): ProcessReading => {
    if (last) return last
    const now = runtime.now()
    // Whoever stands still to the end is not heard of by the next look.
    clockGaps.look(now)
    const { active, idle } = performance.eventLoopUtilization(loopBefore)
    const { user, system } = process.cpuUsage(processorBefore)
    const polledMillis = (runtime.idlePollNanos - idlePollBefore) / 1e6
    return {
      meteredNanos: now - startedNanos,
      // Polling for the next due operation is no work: what comes meanwhile is served at once.
      eventLoopUtilization: active + idle === 0 ? null : Math.max(0, active - polledMillis) / (active + idle),
      eventLoopDelayP99Nanos: delay.count === 0 ? null : Math.max(0, delay.percentile(99) - RESOLUTION_MILLIS * 1e6),
      gcPauseNanos: Math.round(gcPauseMillis * 1e6),
      processorNanos: (user + system) * 1_000,
      gaps: clockGaps.since(originNanos),
    }
  }
  return {
    read,
    stop() {
      if (last) return
      last = read()
      clearInterval(looks)
      delay.disable()
      collections.disconnect()
    },
  }
}
