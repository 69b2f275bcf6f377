import type { Client, ClientOptions } from '../client/client.ts'
import { connectIoredis, ioredisSettings } from '../client/ioredis/ioredis-client.ts'
import { keepLoggedIn } from '../client/keep-logged-in.ts'
import type { Login, LoginWords } from '../client/login.ts'
import { RECONNECT_IN_WORDS } from '../client/reconnect-backoff.ts'
import { createSingleNodeRouting } from '../client/routing/single-node-routing.ts'
import { type ProbeTls, tlsOptions } from '../client/tls-options.ts'
import { WireClient } from '../client/wire/wire-client.ts'
import type { Command } from '../protocol/command.ts'
import type { ClientChoice } from './client-choice.ts'
import { describeRedis, type EndpointFacts } from './describe/describe-redis.ts'
import { theReaper } from './local/reaper.ts'
import { sweepKeys } from './local/sweep-keys.ts'
import type { SweepEndpoint } from './local/undo-entry.ts'
import type { NameRange } from './name-range.ts'
import { explainFailure } from './probe/explain-failure.ts'
import { knockRedis, PATIENCE } from './probe/knock-redis.ts'
import { ProbeError } from './probe/socket-probe.ts'
import type { OpenTargetOptions } from './target.ts'

export interface RedisEndpoint {
  readonly label: string
  readonly host: string
  readonly port: number
  readonly database: number
  readonly login: Login
  readonly tls?: ProbeTls
}

/** Checks that the endpoint can be used, and describes it. Throws `TargetError`. */
export async function inspectRedis(endpoint: RedisEndpoint, options: Pick<OpenTargetOptions, 'needs'> = {}): Promise<EndpointFacts> {
  const { login, ...place } = endpoint
  const named = { ...place, family: 'redis' as const }
  const probe = await knockRedis({ ...named, ...login.words() }, PATIENCE, options.needs)
  try {
    return await describeRedis(probe, endpoint.label)
  } catch (error) {
    throw error instanceof ProbeError ? await explainFailure(named, error) : error
  } finally {
    probe.close()
  }
}

/** A client of the chosen kind. Rejects with a `TargetError` when it can't connect. */
export async function connectRedis(
  endpoint: RedisEndpoint,
  choice: ClientChoice,
  client: ClientOptions,
  options: OpenTargetOptions,
): Promise<Client> {
  if (choice.library === 'ioredis') return connectIoredis(endpoint, client, options.runtime, choice.defaults)
  const { host, port, tls, login } = endpoint
  const wire = await WireClient.open({
    runtime: options.runtime,
    family: 'redis',
    routing: createSingleNodeRouting({ host, port }),
    client,
    handshake: handshake(endpoint, login.words()),
    ...(tls === undefined ? {} : { tls: tlsOptions(host, tls) }),
  })
  if (login.renewNanos === undefined) return wire
  const renewal = keepLoggedIn(options.runtime, login, (words) => wire.reauthenticate(handshake(endpoint, words)))
  return {
    name: wire.name,
    get openConnections() {
      return wire.openConnections
    },
    submit: (command, token, sink, lane) => wire.submit(command, token, sink, lane),
    close() {
      renewal.cancel()
      return wire.close()
    },
  }
}

export function redisClientSettings(choice: ClientChoice): Record<string, string> {
  return choice.library === 'ioredis'
    ? ioredisSettings(choice.defaults)
    : { protocol: 'RESP2', retries: 'none', 'connects again after': RECONNECT_IN_WORDS }
}

/** Has the reaper delete the keys with this prefix should we die. What is returned deletes them now; idempotent. */
export function claimRedisPrefix(
  endpoint: RedisEndpoint,
  prefix: string,
  names: readonly NameRange[],
  options: OpenTargetOptions,
): () => Promise<void> {
  const { host, port, database, tls, login } = endpoint
  const place = (words: LoginWords): SweepEndpoint => ({ host, port, database, ...words, ...(tls === undefined ? {} : { tls }) })
  const claim = (words: LoginWords) => theReaper().register({ kind: 'sweep', prefix, names, endpoint: place(words) })
  let takeBack = claim(login.words())
  const renewal = keepLoggedIn(options.runtime, login, async (words) => {
    const old = takeBack
    takeBack = claim(words)
    old()
  })
  let swept: Promise<void> | undefined
  const sweep = async () => {
    renewal.cancel()
    await sweepKeys(place(login.words()), prefix, names)
    takeBack()
  }
  return () => {
    swept ??= sweep()
    return swept
  }
}

function handshake(endpoint: RedisEndpoint, words: LoginWords): Command[] {
  const { username, password } = words
  const commands: Command[] = []
  if (password !== undefined) commands.push(username === undefined ? ['AUTH', password] : ['AUTH', username, password])
  if (endpoint.database !== 0) commands.push(['SELECT', String(endpoint.database)])
  return commands
}
