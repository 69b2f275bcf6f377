import type { TlsOptions } from 'node:tls'
import type { EngineName, EngineProfile } from '../engine/engine.ts'
import { chooseEngine } from '../engine/engine-choice.ts'
import { evictionPolicies } from '../engine/redis/settings.ts'
import { nearest } from '../measure/nearest.ts'
import { hostPort } from '../network/address.ts'
import { createRealRuntime } from '../runtime/real-runtime.ts'
import { reason } from '../runtime/reason.ts'
import { createShiftedRuntime } from '../runtime/shifted-runtime.ts'
import { UsageError } from '../runtime/usage-error.ts'
import { EngineServer, type ServerAddress } from '../server/engine-server.ts'
import { parseMemory } from '../targets/url/parse-memory.ts'
import { EngineClock } from './engine-clock.ts'

export interface StartOptions {
  /** The version that it is to be like: "redis-7.0", "8.1"; the first of `cacheproof list profiles` unless told. */
  readonly profile?: string
  /** Loopback unless told. */
  readonly host?: string
  /** A free one unless told. */
  readonly port?: number
  /** A Unix socket instead of host and port. */
  readonly path?: string
  /** Speaks TLS when given: key and cert, and ca + requestCert for mutual TLS. */
  readonly tls?: TlsOptions
  /** Redis and Valkey: what a client has to say before anything else. */
  readonly password?: string
  /** "64mb" as in a redis.conf, or bytes. */
  readonly maxMemory?: string | number
  /** Redis and Valkey: "allkeys-lru" and the like; noeviction unless told. */
  readonly policy?: string
  /** Decides what the engine leaves to chance: which keys are sampled, RANDOMKEY. 1 unless told. */
  readonly seed?: number
}

/** A reference engine at an address, in this process. */
export interface StartedEngine extends AsyncDisposable {
  readonly profile: EngineProfile
  /** What a client connects to: "redis://127.0.0.1:40123", with the password if there is one. */
  readonly url: string
  /** Of a Unix socket its path, and 0. */
  readonly host: string
  readonly port: number
  readonly clock: EngineClock
  /** Everything that is stored is gone; connections stay. Throws where a client has changed the password. */
  reset(): void
  /** Cuts all connections and frees the address. Idempotent. The process does not wait for anything of it afterwards. */
  stop(): Promise<void>
}

/** A Redis for tests and experiments. Throws `UsageError` for options that make no sense and for an address that is taken. */
export function startRedis(options: StartOptions = {}): Promise<StartedEngine> {
  return startEngine('redis', options)
}

/** As `startRedis`. */
export function startValkey(options: StartOptions = {}): Promise<StartedEngine> {
  return startEngine('valkey', options)
}

/** As `startRedis`, without a password and a policy: Memcached has neither. */
export function startMemcached(options: Omit<StartOptions, 'password' | 'policy'> = {}): Promise<StartedEngine> {
  return startEngine('memcached', options)
}

export async function startEngine(name: EngineName, options: StartOptions): Promise<StartedEngine> {
  const { profile, createEngine } = chooseEngine(name, options.profile)
  const { host = '127.0.0.1', port = 0, path, tls, password, seed = 1 } = options
  const engineOptions = engineOptionsOf(name, options)
  const inner = createRealRuntime({ seed })
  const runtime = createShiftedRuntime(inner)
  const server = new EngineServer({ runtime, createEngine, host, engineOptions, ...(tls && { tls }) })
  let address: ServerAddress
  try {
    address = await server.start(path === undefined ? { port } : { path })
  } catch (error) {
    inner.close()
    const asked = path ?? hostPort(host, port)
    throw new UsageError(`${name} can't be served at ${asked}: ${reason(error)}`, 'name another address, or none: then a free port is taken')
  }
  const empty = name === 'memcached' ? ['flush_all'] : ['FLUSHALL']
  const stop = async () => {
    await server.kill()
    inner.close()
  }
  return {
    profile,
    ...address,
    url: urlOf(name, address, { path, password, secure: tls !== undefined }),
    clock: new EngineClock(runtime, server),
    reset: () => server.run([...(password === undefined ? [] : [['AUTH', password] as const]), empty as [string]]),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

function engineOptionsOf(name: EngineName, { maxMemory, policy, password }: StartOptions) {
  const bytes = typeof maxMemory === 'string' ? parseMemory(maxMemory) : maxMemory
  if (maxMemory !== undefined && !(bytes !== undefined && Number.isSafeInteger(bytes) && bytes >= 0))
    throw new UsageError(`${JSON.stringify(maxMemory)} is no amount of memory`, 'a size such as 64mb or 1gb, or a number of bytes')
  if (name === 'memcached' && policy !== undefined) throw new UsageError('a policy is a setting of Redis and Valkey; memcached always evicts')
  if (name === 'memcached' && password !== undefined) throw new UsageError('a password is a setting of Redis and Valkey; memcached has none')
  if (password === '') throw new UsageError('the password is empty', 'leave it out, or name one')
  if (policy !== undefined && !(evictionPolicies as readonly string[]).includes(policy)) {
    const meant = nearest(policy, evictionPolicies)
    throw new UsageError(
      `there is no eviction policy "${policy}"`,
      meant === undefined ? `one of ${evictionPolicies.join(', ')}` : `did you mean ${meant}?`,
    )
  }
  return {
    ...(bytes !== undefined && { maxMemoryBytes: bytes }),
    ...(policy !== undefined && { maxMemoryPolicy: policy }),
    ...(password !== undefined && { password }),
  }
}

interface Shown {
  readonly path: string | undefined
  readonly password: string | undefined
  readonly secure: boolean
}

function urlOf(name: EngineName, { host, port }: ServerAddress, { path, password, secure }: Shown): string {
  if (path !== undefined) return `unix://${path}`
  const login = password === undefined ? '' : `:${encodeURIComponent(password)}@`
  // Clients of Valkey take Redis' scheme, and most of them no other.
  const scheme = name === 'memcached' ? name : secure ? 'rediss' : 'redis'
  return `${scheme}://${login}${hostPort(host, port)}`
}
