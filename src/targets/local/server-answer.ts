import { MemcachedProbe } from '../probe/memcached-probe.ts'
import { parseInfo } from '../probe/parse-info.ts'
import { ProbeReplyError, RespProbe } from '../probe/resp-probe.ts'
import type { ProbeEndpoint } from '../probe/socket-probe.ts'
import type { ServerKind } from './find-program.ts'

/** What a server says of itself, as far as it lets us ask. */
export interface ServerAnswer {
  /** Undefined when it wants a password that we don't have: then it answers, and that is all we know. */
  readonly pid?: number
  readonly version?: string
  /** Redis and Valkey answer most commands with LOADING until they have read their data. */
  readonly loading: boolean
}

/** Asks a server who it is. Throws `ProbeError` when it doesn't answer (yet). */
export async function askServer(kind: ServerKind, endpoint: ProbeEndpoint, timeoutMillis: number, password?: string): Promise<ServerAnswer> {
  return kind === 'memcached' ? askMemcached(endpoint, timeoutMillis) : askRedis(endpoint, timeoutMillis, password)
}

async function askRedis(endpoint: ProbeEndpoint, timeoutMillis: number, password?: string): Promise<ServerAnswer> {
  const probe = await RespProbe.open(endpoint, timeoutMillis)
  try {
    await probe.login({ ...endpoint, ...(password === undefined ? {} : { password }) })
    const info = await probe.call('INFO')
    if (info instanceof ProbeReplyError) return { loading: info.text.startsWith('LOADING') }
    const facts = parseInfo(String(info))
    const version = facts.get('valkey_version') ?? facts.get('redis_version')
    return { pid: Number(facts.get('process_id')), loading: facts.get('loading') === '1', ...(version === undefined ? {} : { version }) }
  } finally {
    probe.close()
  }
}

async function askMemcached(endpoint: ProbeEndpoint, timeoutMillis: number): Promise<ServerAnswer> {
  const probe = await MemcachedProbe.open(endpoint, timeoutMillis)
  try {
    const facts = await probe.stats('')
    const pid = facts.get('pid')
    const version = facts.get('version')
    return { loading: false, ...(pid === undefined ? {} : { pid: Number(pid) }), ...(version === undefined ? {} : { version }) }
  } finally {
    probe.close()
  }
}
