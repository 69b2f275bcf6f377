import { TargetError } from '../../client/target-error.ts'
import { aimAtPrimary, IS_REPLICA } from '../preflight/explain-redis-refusal.ts'
import { parseInfo } from '../probe/parse-info.ts'
import { ProbeReplyError, type RespProbe } from '../probe/resp-probe.ts'
import { medianRoundTripNanos } from './round-trip.ts'

/** What an endpoint says of itself, by INFO only: CONFIG is forbidden on managed services. */
export interface EndpointFacts {
  readonly engine: 'redis' | 'valkey' | 'memcached' | 'unknown'
  readonly version: string
  readonly topology: string
  readonly settings: Readonly<Record<string, string>>
  readonly roundTripNanos: number
}

/**
 * Describes what answers, and throws `TargetError` when a run could not use it: a replica that takes no writes
 * (TARGET_READONLY), a cluster of several shards, a server in sentinel mode (TARGET_UNUSABLE).
 */
export async function describeRedis(probe: RespProbe, label: string): Promise<EndpointFacts> {
  const reply = await probe.call('INFO')
  const info = reply instanceof ProbeReplyError ? new Map<string, string>() : parseInfo(String(reply))
  refuseUnfit(info, label)
  const shards = info.get('cluster_enabled') === '1' ? await countShards(probe) : 0
  if (shards > 1) {
    throw new TargetError(
      'TARGET_UNUSABLE',
      `${label}: is a cluster of ${shards} shards, which is not supported`,
      'Aim at a server or cache with cluster mode disabled, or with one shard.',
    )
  }
  return {
    ...identity(info),
    topology: topologyOf(info, shards),
    settings: settingsOf(info, reply instanceof ProbeReplyError),
    roundTripNanos: await medianRoundTripNanos(() => probe.call('PING')),
  }
}

/** Valkey says `redis_version:7.2.4` to please old clients; its own name and version stand in fields of their own. */
function identity(info: ReadonlyMap<string, string>): Pick<EndpointFacts, 'engine' | 'version'> {
  const valkey = info.get('valkey_version')
  if (valkey !== undefined || info.get('server_name') === 'valkey') return { engine: 'valkey', version: valkey ?? 'unknown' }
  const redis = info.get('redis_version')
  return redis === undefined ? { engine: 'unknown', version: 'unknown' } : { engine: 'redis', version: redis }
}

function refuseUnfit(info: ReadonlyMap<string, string>, label: string): void {
  const mode = info.get('redis_mode') ?? info.get('server_mode')
  if (mode === 'sentinel') throw new TargetError('TARGET_UNUSABLE', `${label}: is a sentinel, not a cache`, 'Aim at the primary that it watches.')
  const role = info.get('role')
  if (role === 'slave' && info.get('slave_read_only') !== '0') {
    const host = info.get('master_host')
    const primary = host === undefined ? 'its primary' : `its primary, ${host}:${info.get('master_port') ?? ''}`
    throw new TargetError('TARGET_READONLY', `${label}: ${IS_REPLICA}`, aimAtPrimary(primary))
  }
}

/** Distinct primaries; 1 for a service that hides its shards behind one endpoint. */
async function countShards(probe: RespProbe): Promise<number> {
  const slots = await probe.call('CLUSTER', 'SLOTS')
  if (!Array.isArray(slots)) return 1
  const primaries = slots.map((range) => (Array.isArray(range) && Array.isArray(range[2]) ? `${String(range[2][0])}:${String(range[2][1])}` : ''))
  return Math.max(1, new Set(primaries).size)
}

function topologyOf(info: ReadonlyMap<string, string>, shards: number): string {
  const replicas = Number(info.get('connected_slaves') ?? 0)
  const node = replicas === 0 ? 'single node' : `primary with ${replicas} replica${replicas === 1 ? '' : 's'}`
  if (info.get('role') === 'slave') return 'writable replica'
  return shards > 0 ? `cluster mode, one shard, ${node}` : node
}

function settingsOf(info: ReadonlyMap<string, string>, refused: boolean): Record<string, string> {
  if (refused) return { note: 'the server does not let this user see INFO' }
  const settings: Record<string, string> = {}
  const maxMemory = Number(info.get('maxmemory') ?? Number.NaN)
  const used = Number(info.get('used_memory') ?? Number.NaN)
  const policy = info.get('maxmemory_policy')
  if (!Number.isNaN(maxMemory)) settings['maxmemory'] = maxMemory === 0 ? 'no limit' : mebibytes(maxMemory)
  if (policy !== undefined) settings['maxmemory-policy'] = policy
  if (maxMemory > 0 && used >= maxMemory) {
    settings['memory'] =
      `full: ${mebibytes(used)} used of ${mebibytes(maxMemory)}${policy === 'noeviction' ? '; writes will be refused' : '; keys are being evicted'}`
  }
  const persistence = persistenceOf(info)
  if (persistence !== undefined) settings['persistence'] = persistence
  const role = info.get('role')
  if (role !== undefined) settings['role'] = role === 'slave' ? 'replica' : 'primary'
  const threads = info.get('io_threads_active')
  if (threads === '1') settings['io-threads'] = 'active'
  return settings
}

/** Snapshots can't be seen in INFO before the first one was taken, so without an append-only file it says what is known. */
function persistenceOf(info: ReadonlyMap<string, string>): string | undefined {
  const aof = info.get('aof_enabled')
  if (aof === undefined) return undefined
  if (aof === '1') return 'append-only file'
  return Number(info.get('rdb_saves') ?? 0) > 0 ? 'snapshots' : 'no append-only file'
}

function mebibytes(bytes: number): string {
  return `${Math.round((bytes / 1024 ** 2) * 10) / 10} MiB`
}
