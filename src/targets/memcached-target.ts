import { createRingRouting } from '../client/routing/ring-routing.ts'
import { createSingleNodeRouting } from '../client/routing/single-node-routing.ts'
import { hostPort } from '../network/address.ts'
import type { ClientChoice } from './client-choice.ts'
import { describeMemcached } from './describe/describe-memcached.ts'
import { deleteNames } from './local/delete-names.ts'
import { theReaper } from './local/reaper.ts'
import { connectMemcached, memcachedClientSettings } from './memcached-endpoint.ts'
import type { NameRange } from './name-range.ts'
import type { OpenTargetOptions, Target } from './target.ts'
import { UNDESCRIBED } from './undescribed.ts'
import type { MemcachedTargetUrl } from './url/target-url.ts'

/** Memcached nodes that somebody else runs. Throws `TargetError` when one can't be reached or used. */
export async function openMemcachedTarget(url: MemcachedTargetUrl, given: string, choice: ClientChoice, options: OpenTargetOptions): Promise<Target> {
  const nodes = url.nodes.map(({ host, port }) => ({ host, port, label: `memcached://${hostPort(host, port)}`, family: 'memcached' as const }))
  const facts = options.describe === false ? UNDESCRIBED : await describeMemcached(nodes)
  const routing = nodes.length === 1 ? createSingleNodeRouting(nodes[0]!) : createRingRouting(nodes)
  return {
    family: 'memcached',
    description: { url: url.shown, label: url.label, ...facts, ours: false, tls: false, evidence: 'observed' },
    connectUrl: given,
    clientSettings: memcachedClientSettings(choice, routing),
    connect: (client) => connectMemcached(routing, choice, client, options),
    claimNames: (names) =>
      claimMemcachedNames(
        nodes.map(({ host, port }) => ({ host, port })),
        names,
      ),
    close: () => Promise.resolve(),
  }
}

/** Has the reaper delete the keys of these names should we die. What is returned deletes them now; idempotent. */
function claimMemcachedNames(nodes: readonly { readonly host: string; readonly port: number }[], names: readonly NameRange[]): () => Promise<void> {
  const takeBack = theReaper().register({ kind: 'names', nodes, names })
  let deleted: Promise<void> | undefined
  return () => {
    deleted ??= deleteNames(nodes, names).then(takeBack)
    return deleted
  }
}
