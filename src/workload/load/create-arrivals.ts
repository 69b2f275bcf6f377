import type { Stream } from '../../runtime/runtime.ts'
import type { LoadSpec } from '../workload.ts'
import type { Arrivals } from './arrivals.ts'
import { createConstant } from './constant.ts'
import { createPoisson } from './poisson.ts'

/** When the operations of an open loop are due. */
export function createArrivals(spec: Extract<LoadSpec, { kind: 'open' }>, stream: Stream): Arrivals {
  if (!(spec.ratePerSecond > 0) || !Number.isFinite(spec.ratePerSecond)) throw new RangeError(`a rate is above 0, not ${spec.ratePerSecond}`)
  return spec.arrivals === 'poisson' ? createPoisson(spec.ratePerSecond, stream) : createConstant(spec.ratePerSecond)
}
