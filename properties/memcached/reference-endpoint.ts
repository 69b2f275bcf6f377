import type { Engine, EngineOptions } from '../../src/engine/engine.ts'
import type { Runtime } from '../../src/runtime/runtime.ts'
import { engineExchange } from './engine-exchange.ts'
import { type MarkedEndpoint, markedEndpoint } from './marked-endpoint.ts'

/** The reference engine as one side of a comparison, behind our own codec and on the runtime's clocks. */
export function referenceEndpoint(runtime: Runtime, create: (options: EngineOptions) => Engine): MarkedEndpoint {
  const link = engineExchange('engine', (sink) =>
    create({ sink, wallMicros: () => runtime.wall.nowMicros(), chance: runtime.chance.stream('memcached-reference') }),
  )
  const { engine } = link
  return markedEndpoint({
    name: `engine:${engine.profile.engine} ${engine.profile.version}`,
    steady: true,
    exchange: (bytes, markers) => {
      engine.advance(runtime.now())
      return link.exchange(bytes, markers)
    },
  })
}
