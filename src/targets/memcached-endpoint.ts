import type { Client, ClientOptions } from '../client/client.ts'
import { connectMemjs, memjsSettings } from '../client/memjs/memjs-client.ts'
import { RECONNECT_IN_WORDS } from '../client/reconnect-backoff.ts'
import type { Routing } from '../client/routing/routing.ts'
import { WireClient } from '../client/wire/wire-client.ts'
import type { ClientChoice } from './client-choice.ts'
import type { OpenTargetOptions } from './target.ts'

/** A client of the chosen kind. Rejects with a `TargetError` when it can't connect (memjs tries again on use). */
export async function connectMemcached(routing: Routing, choice: ClientChoice, client: ClientOptions, options: OpenTargetOptions): Promise<Client> {
  const { runtime } = options
  if (choice.library === 'memjs') return connectMemjs(routing.nodes, client, runtime, choice.defaults)
  return WireClient.open({ runtime, family: 'memcached', routing, client })
}

export function memcachedClientSettings(choice: ClientChoice, routing: Routing): Record<string, string> {
  return choice.library === 'memjs'
    ? memjsSettings(choice.defaults)
    : { protocol: 'text', retries: 'none', 'connects again after': RECONNECT_IN_WORDS, routing: routing.description }
}
