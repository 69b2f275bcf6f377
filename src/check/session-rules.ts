import type { Cell } from '../measure/run-result.ts'
import type { Nanos } from '../runtime/runtime.ts'
import { type CellSettings, expiryToleranceNanos, isSliding, ttlNanosOf } from './cell-settings.ts'

/** How long sessions live, as the workload says, and what was done to those who keep them. */
export interface SessionRules {
  /** Absent: without end. */
  readonly ttlNanos?: Nanos
  /** A read that finds the session restarts its lifetime. */
  readonly sliding: boolean
  /** What the engine's clock may be off by: 1 s for an engine that counts whole seconds. */
  readonly toleranceNanos: Nanos
  /** When the first fault of any kind struck. */
  readonly firstFaultNanos?: Nanos
  /** An application instance that was killed. */
  readonly killed?: { readonly instance: number; readonly atNanos: Nanos }
  /** The first time a server's process ended: from when on it was gone, and back. */
  readonly serverLoss?: { readonly goneNanos: Nanos; readonly backNanos: Nanos }
}

/** Faults that end the server's process: what persistence or a replica would have to make up for. */
const SERVER_LOSS = new Set(['kill', 'restart', 'crash'])

export function sessionRulesOf(cell: Cell, settings: CellSettings): SessionRules {
  const ttlNanos = ttlNanosOf(settings)
  const faults = cell.events.filter(({ kind }) => kind === 'fault').sort((a, b) => a.startNanos - b.startNanos)
  const kill = faults.find(({ name }) => name === 'kill instance')
  const loss = faults.find(({ name, endNanos }) => SERVER_LOSS.has(name) && endNanos !== undefined)
  return {
    sliding: isSliding(settings),
    toleranceNanos: expiryToleranceNanos(cell),
    ...(ttlNanos !== undefined && { ttlNanos }),
    ...(faults[0] && { firstFaultNanos: faults[0].startNanos }),
    ...(kill && settings.killInstance && { killed: { instance: settings.killInstance.instance, atNanos: kill.startNanos } }),
    ...(loss && { serverLoss: { goneNanos: loss.startNanos, backNanos: loss.endNanos! } }),
  }
}
