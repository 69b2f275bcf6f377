import { MILLISECOND, type Nanos, type Task } from '../runtime/runtime.ts'
import { createVirtualRuntime, type VirtualRuntime } from '../runtime/virtual-runtime.ts'
import { Host, Talker } from './talker.contract.ts'
import type { VirtualHost } from './virtual-host.ts'
import type { VirtualLink } from './virtual-link.ts'
import { VirtualNetwork, type VirtualNetworkOptions } from './virtual-network.ts'

/** Two hosts, and a server that listens on port 1 of one of them. Every way takes 1 ms unless told otherwise. */
export interface VirtualStage {
  readonly runtime: VirtualRuntime
  readonly network: VirtualNetwork
  readonly task: Task
  readonly client: VirtualHost
  readonly server: VirtualHost
  readonly there: VirtualLink
  readonly back: VirtualLink
  readonly host: Host
  dial(also?: Talker['also']): Talker
  /** Both ends of a new connection. */
  pair(): Promise<{ readonly near: Talker; readonly far: Talker }>
  /** Milliseconds since the play began. */
  at(): number
  sleep(millis: number): Promise<void>
}

export interface VirtualStageOptions extends Omit<VirtualNetworkOptions, 'runtime'> {
  readonly seed?: number
  /** What listens; a talker that says nothing unless told. */
  readonly make?: () => Talker
}

export const constant = (nanos: Nanos): { readonly delay: { readonly medianNanos: Nanos; readonly p99Nanos: Nanos } } => ({
  delay: { medianNanos: nanos, p99Nanos: nanos },
})

/** Returns the trace of the play. */
export async function onVirtualStage(options: VirtualStageOptions, play: (stage: VirtualStage) => Promise<void>): Promise<string> {
  const { seed = 1, make, ...rest } = options
  const runtime = createVirtualRuntime({ seed })
  const network = new VirtualNetwork({ runtime, link: constant(MILLISECOND), ...rest })
  const client = network.host('client')
  const server = network.host('server')
  await runtime.run('play', async (task) => {
    const host = new Host(server, { host: 'server', port: 1 }, undefined, make)
    await host.address(task)
    const began = runtime.now()
    const dial = (also?: Talker['also']): Talker => Talker.dial(client, { host: 'server', port: 1 }, undefined, also)
    await play({
      runtime,
      network,
      task,
      client,
      server,
      there: network.link('client', 'server'),
      back: network.link('server', 'client'),
      host,
      dial,
      async pair() {
        const near = dial()
        const far = await host.nth(task, host.accepted.length + 1)
        return { near, far }
      },
      at: () => (runtime.now() - began) / MILLISECOND,
      sleep: (millis) => task.sleep(millis * MILLISECOND),
    })
  })
  return runtime.traceHash()
}
