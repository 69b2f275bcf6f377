import type { Runtime } from '../../runtime/runtime.ts'
import { createArrivals } from '../../workload/load/create-arrivals.ts'
import { openLoopUsers } from '../../workload/load/shares.ts'
import type { LoadSpec } from '../../workload/workload.ts'
import { ClosedLoop } from './closed-loop.ts'
import type { LoadLoop, LoadLoopOptions } from './load-loop.ts'
import { OpenLoop } from './open-loop.ts'
import type { Program } from './program.ts'

export function createLoadLoop(load: LoadSpec, runtime: Runtime, program: Program, options: LoadLoopOptions): LoadLoop {
  if (load.kind === 'closed') return new ClosedLoop(runtime, program, { ...options, ...load })
  const arrivals = createArrivals(load, runtime.chance.stream('arrivals'))
  return new OpenLoop(runtime, program, { ...options, arrivals, maxInFlight: load.maxInFlight, users: openLoopUsers(load.connections) })
}
