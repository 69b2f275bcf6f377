import type { Client, ClientOptions } from './client.ts'
import type { ClientChoice } from './client-choice.ts'
import { connectMemjs, memjsSettings } from './memjs/memjs-client.ts'
import { createRingRouting } from './ring-routing.ts'
import { createSingleNodeRouting } from './single-node-routing.ts'
import type { OpenTargetOptions } from './target.ts'
import { WireClient } from './wire/wire-client.ts'

type Nodes = readonly { readonly host: string; readonly port: number }[]

/** A client of the chosen kind. Rejects with a `TargetError` when it can't connect (memjs connects on first use). */
export async function connectMemcached(nodes: Nodes, choice: ClientChoice, client: ClientOptions, options: OpenTargetOptions): Promise<Client> {
  const { runtime } = options
  if (choice.library === 'memjs') return connectMemjs(nodes, client, runtime, choice.defaults)
  const routing = nodes.length === 1 ? createSingleNodeRouting(nodes[0]!) : createRingRouting(nodes)
  return WireClient.open({ runtime, family: 'memcached', routing, client })
}

export function memcachedClientSettings(choice: ClientChoice): Record<string, string> {
  return choice.library === 'memjs'
    ? memjsSettings(choice.defaults)
    : { protocol: 'text', retries: 'none', ring: 'consistent hashing, 160 points a node' }
}
