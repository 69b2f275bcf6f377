import { explainFailure, type NamedEndpoint } from '../probe/explain-failure.ts'
import { MemcachedProbe } from '../probe/memcached-probe.ts'
import { ProbeError } from '../probe/socket-probe.ts'
import type { EndpointFacts } from './describe-redis.ts'
import { medianRoundTripNanos } from './round-trip.ts'

const EXCHANGE_MILLIS = 5_000

/** Checks that each node answers, and describes them. Throws a `TargetError` that says what is wrong and what to try. */
export async function describeMemcached(nodes: readonly NamedEndpoint[]): Promise<EndpointFacts> {
  const described = await Promise.all(nodes.map(describeNode))
  const first = described[0]!
  return {
    engine: 'memcached',
    version: [...new Set(described.map(({ version }) => version))].join(', '),
    topology: nodes.length === 1 ? 'single node' : `${nodes.length} independent nodes`,
    settings: first.settings,
    roundTripNanos: first.roundTripNanos,
  }
}

async function describeNode(endpoint: NamedEndpoint) {
  let probe: MemcachedProbe | undefined
  try {
    probe = await MemcachedProbe.open(endpoint, EXCHANGE_MILLIS)
    const version = await probe.version()
    const settings = await probe.stats('settings')
    const roundTripNanos = await medianRoundTripNanos(() => probe!.version())
    return { version, settings: shown(settings), roundTripNanos }
  } catch (error) {
    throw error instanceof ProbeError ? await explainFailure(endpoint, error) : error
  } finally {
    probe?.close()
  }
}

function shown(settings: ReadonlyMap<string, string>): Record<string, string> {
  const result: Record<string, string> = {}
  const bytes = Number(settings.get('maxbytes') ?? Number.NaN)
  if (!Number.isNaN(bytes)) result['memory limit (-m)'] = `${Math.round(bytes / 1024 ** 2)} MiB`
  const names = { num_threads: 'threads (-t)', maxconns: 'connections (-c)', evictions: 'evictions', item_size_max: 'largest item (-I)' }
  for (const [name, label] of Object.entries(names)) {
    const value = settings.get(name)
    if (value !== undefined) result[label] = value
  }
  return result
}
