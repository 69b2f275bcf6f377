import type { CommandContext } from './command-context.ts'

/** INFO, as far as an engine without sockets, disk and replicas has something to say. */

type Section = (context: CommandContext) => Readonly<Record<string, string | number>>

const sections: Readonly<Record<string, Section>> = {
  Server: ({ profile, server, nowMicros }) => {
    const uptime = Math.max(0, Math.floor((nowMicros - server.startedMicros) / 1e6))
    return {
      redis_version: profile.redisVersion,
      ...(profile.engine === 'valkey'
        ? { server_name: 'valkey', valkey_version: profile.version, server_mode: 'standalone' }
        : { redis_mode: 'standalone' }),
      arch_bits: 64,
      run_id: server.runId,
      server_time_usec: Math.floor(nowMicros),
      uptime_in_seconds: uptime,
      uptime_in_days: Math.floor(uptime / 86_400),
      hz: 10,
    }
  },
  Clients: ({ server }) => ({
    connected_clients: server.sessions.size,
    blocked_clients: [...server.sessions.values()].filter((session) => session.blocked).length,
  }),
  Memory: ({ server, settings }) => ({
    used_memory: server.usedMemoryBytes,
    maxmemory: settings.maxMemoryBytes,
    maxmemory_policy: settings.maxMemoryPolicy,
  }),
  Persistence: () => ({ loading: 0, rdb_bgsave_in_progress: 0, aof_enabled: 0 }),
  Stats: ({ server: { counters, clock } }) => ({
    total_connections_received: counters.connections,
    total_commands_processed: counters.commands,
    expired_keys: counters.expiredKeys,
    evicted_keys: counters.evictedKeys,
    keyspace_hits: clock.hits,
    keyspace_misses: clock.misses,
  }),
  Replication: () => ({ role: 'master', connected_slaves: 0 }),
  Cluster: () => ({ cluster_enabled: 0 }),
  Keyspace: ({ databases }) => {
    const lines: Record<string, string> = {}
    for (const { index, keyspace } of databases) {
      if (keyspace.size > 0) lines[`db${index}`] = `keys=${keyspace.size},expires=${keyspace.volatileCount},avg_ttl=0`
    }
    return lines
  },
}

const ALL = new Set(['all', 'default', 'everything'])

export function infoText(context: CommandContext, asked: readonly string[]): string {
  const everything = asked.length === 0 || asked.some((name) => ALL.has(name))
  const chosen = Object.entries(sections).filter(([name]) => everything || asked.includes(name.toLowerCase()))
  return chosen
    .map(([name, section]) => {
      const lines = Object.entries(section(context)).map(([field, value]) => `${field}:${value}\r\n`)
      return `# ${name}\r\n${lines.join('')}`
    })
    .join('\r\n')
}
