import { monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks'
import type { RealRuntime } from '../../runtime/real-runtime.ts'

/** What the generator's own process went through while it made the load. Real time only. */
export interface AuditMeter {
  stop(): AuditReading
}

export interface AuditReading {
  readonly eventLoopUtilization: number | null
  readonly eventLoopDelayP99Nanos: number | null
  readonly gcPauseNanos: number | null
}

export const NO_AUDIT_READING: AuditReading = { eventLoopUtilization: null, eventLoopDelayP99Nanos: null, gcPauseNanos: null }

export function startAuditMeter(runtime: Pick<RealRuntime, 'idlePollNanos'>): AuditMeter {
  const resolutionMillis = 1
  const delay = monitorEventLoopDelay({ resolution: resolutionMillis })
  const before = performance.eventLoopUtilization()
  const idlePollBefore = runtime.idlePollNanos
  let gcPauseMillis = 0
  const collections = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) gcPauseMillis += entry.duration
  })
  collections.observe({ entryTypes: ['gc'] })
  delay.enable()
  return {
    stop() {
      delay.disable()
      collections.disconnect()
      const { active, idle } = performance.eventLoopUtilization(before)
      const polledMillis = (runtime.idlePollNanos - idlePollBefore) / 1e6
      return {
        // Polling for the next due operation is no work: what comes meanwhile is served at once.
        eventLoopUtilization: active + idle === 0 ? null : Math.max(0, active - polledMillis) / (active + idle),
        // The sampling timer itself takes its period: only what is beyond it is delay.
        eventLoopDelayP99Nanos: Math.max(0, delay.percentile(99) - resolutionMillis * 1e6),
        gcPauseNanos: Math.round(gcPauseMillis * 1e6),
      }
    },
  }
}
