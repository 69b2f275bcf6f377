import type { ClientChoice } from './client-choice.ts'
import { describeMemcached } from './describe/describe-memcached.ts'
import { connectMemcached, memcachedClientSettings } from './memcached-endpoint.ts'
import type { OpenTargetOptions, Target } from './target.ts'
import { hostPort, type MemcachedTargetUrl } from './target-url.ts'
import { UNDESCRIBED } from './undescribed.ts'

/** Memcached nodes that somebody else runs. Throws `TargetError` when one can't be reached or used. */
export async function openMemcachedTarget(url: MemcachedTargetUrl, given: string, choice: ClientChoice, options: OpenTargetOptions): Promise<Target> {
  const nodes = url.nodes.map(({ host, port }) => ({ host, port, label: `memcached://${hostPort(host, port)}`, family: 'memcached' as const }))
  const facts = options.describe === false ? UNDESCRIBED : await describeMemcached(nodes)
  return {
    family: 'memcached',
    description: { url: url.shown, label: url.label, ...facts, ours: false, tls: false, evidence: 'observed' },
    connectUrl: given,
    clientSettings: memcachedClientSettings(choice),
    connect: (client) => connectMemcached(nodes, choice, client, options),
    close: () => Promise.resolve(),
  }
}
