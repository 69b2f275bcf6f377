import type { ClientChoice } from './client-choice.ts'
import { endpointTls } from './endpoint-tls.ts'
import { loginOf, userOf } from './iam/login.ts'
import { claimRedisPrefix, connectRedis, inspectRedis, type RedisEndpoint, redisClientSettings } from './redis-endpoint.ts'
import type { OpenTargetOptions, Target } from './target.ts'
import { UNDESCRIBED } from './undescribed.ts'
import type { RedisTargetUrl } from './url/target-url.ts'

/** A Redis or Valkey endpoint that somebody else runs. Throws `TargetError` when it can't be reached or used. */
export async function openRedisTarget(url: RedisTargetUrl, given: string, choice: ClientChoice, options: OpenTargetOptions): Promise<Target> {
  const { label, host, port, database } = url
  const endpoint: RedisEndpoint = {
    label,
    host,
    port,
    database,
    login: loginOf(url, options.env, options.runtime.wall),
    ...(url.tls === undefined ? {} : { tls: endpointTls(url.tls) }),
  }
  const facts = options.describe === false ? UNDESCRIBED : await inspectRedis(endpoint, options)
  return {
    family: 'redis',
    description: { url: url.shown, label, ...facts, ours: false, tls: url.tls !== undefined, evidence: 'observed' },
    connectUrl: given,
    user: userOf(url, options.env),
    clientSettings: redisClientSettings(choice),
    connect: (client) => connectRedis(endpoint, choice, client, options),
    claimPrefix: (prefix, names = []) => claimRedisPrefix(endpoint, prefix, names, options),
    close: () => Promise.resolve(),
  }
}
