import { LIVES_TO_SHOW } from '../../check/comparison/varied-ttl.ts'
import { type Nanos, SECOND } from '../../runtime/runtime.ts'
import type { Workload } from '../../workload/workload.ts'

/** After a fault is over, this long to see what it left behind. */
const AFTER_FAULT_NANOS = 3 * SECOND
/** Whatever is compared, shorter ones would be warm-up for the most part. */
const LEAST_NANOS = 3 * SECOND
/** A percentile rests on so many values beyond it. */
const VALUES_BEYOND = 100
/** Random arrivals may be fewer than their rate says. */
const MARGIN = 1.1

/**
 * How long a cell has to measure at least so that a block can carry what is compared: every percentile of the family, three
 * times a TTL that is varied, and every fault with what comes after it. Nanoseconds.
 */
export function shortestBlockNanos(workloads: readonly Workload[], figures: readonly string[]): Nanos {
  const needed = workloads.flatMap((workload) => [
    ...figures.map((figure) => forPercentile(workload, figure)),
    ...forFaults(workload),
    workload.variant ? LIVES_TO_SHOW * ttlOf(workload) : 0,
  ])
  return Math.ceil(Math.max(LEAST_NANOS, ...needed) / SECOND) * SECOND
}

/** Of a closed loop nobody knows before how many operations it makes. */
function forPercentile({ load, settings }: Workload, figure: string): Nanos {
  const match = /^(read|write|operation|[a-z_]+)\.p(\d+(?:\.\d+)?)$/.exec(figure)
  if (!match || load.kind !== 'open') return 0
  const [, kind, percentile] = match
  const beyond = 1 - Number(percentile) / 100
  const perSecond = load.ratePerSecond * shareOf(kind!, settings)
  return perSecond === 0 ? 0 : (VALUES_BEYOND / beyond / perSecond) * MARGIN * SECOND
}

function shareOf(kind: string, settings: unknown): number {
  const writeRatio = (settings as { readonly writeRatio?: unknown } | null)?.writeRatio
  if (kind === 'operation' || typeof writeRatio !== 'number') return 1
  return kind === 'write' ? writeRatio : 1 - writeRatio
}

/** What happens at an instant happens at the same share of a longer run; how long a fault lasts stays. */
function forFaults({ faults, killInstance, phases }: Workload): Nanos[] {
  const measured = phases.reduce((sum, { warmUp, durationNanos }) => sum + (warmUp ? 0 : durationNanos), 0)
  const events = [...faults, ...(killInstance ? [{ atNanos: killInstance.atNanos, forNanos: 0 }] : [])]
  return events.map(({ atNanos, forNanos = 0 }) => (forNanos + AFTER_FAULT_NANOS) / Math.max(0.05, 1 - atNanos / measured))
}

function ttlOf({ settings }: Workload): Nanos {
  const ttl = (settings as { readonly ttlNanos?: unknown } | null)?.ttlNanos
  return typeof ttl === 'number' ? ttl : 0
}
