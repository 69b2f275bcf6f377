import type { Behaviour } from '../behaviour.ts'
import { inWindow, type TimeWindow } from '../time-window.ts'

/** Cuts everybody and refuses connections for a while, its data kept: a process that died and came back, or a firewall. */
export function refuse(window: TimeWindow): Behaviour {
  return inWindow(window, (host, forNanos) => host.refuseConnections(forNanos))
}
