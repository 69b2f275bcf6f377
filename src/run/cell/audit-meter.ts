import { monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks'

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

export function startAuditMeter(): AuditMeter {
  const resolutionMillis = 1
  const delay = monitorEventLoopDelay({ resolution: resolutionMillis })
  const before = performance.eventLoopUtilization()
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
      return {
        eventLoopUtilization: performance.eventLoopUtilization(before).utilization,
        // The sampling timer itself takes its period: only what is beyond it is delay.
        eventLoopDelayP99Nanos: Math.max(0, delay.percentile(99) - resolutionMillis * 1e6),
        gcPauseNanos: Math.round(gcPauseMillis * 1e6),
      }
    },
  }
}
