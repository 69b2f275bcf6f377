import { evictionPolicies } from '../../engine/redis/settings.ts'
import { hostPort } from '../../network/address.ts'
import { UsageError } from '../../runtime/usage-error.ts'
import type { ServerKind } from '../local/find-program.ts'
import { PERSISTENCE, type Persistence } from '../local/server-arguments.ts'
import { parseMemory } from './parse-memory.ts'
import { redactUrl } from './redact-url.ts'
import { choose, Parameters } from './url-parameters.ts'

/** What a target URL says, checked. Holds secrets; `shown` and `label` don't. */
export type TargetUrl = EngineTargetUrl | RedisTargetUrl | MemcachedTargetUrl | LocalTargetUrl

interface Shown {
  /** As given, without user info and secrets. */
  readonly shown: string
  /** Short and stable, for tables. */
  readonly label: string
  /** "redis" speaks RESP, "memcached" the memcached protocols. */
  readonly family: 'redis' | 'memcached'
}

/** `engine:redis|valkey|memcached[?profile=redis-7.0&maxmemory=64mb&policy=allkeys-lru]` */
export interface EngineTargetUrl extends Shown {
  readonly kind: 'engine'
  readonly engine: ServerKind
  readonly profile?: string
  readonly maxMemoryBytes?: number
  readonly maxMemoryPolicy?: string
}

/** `redis://[user:password@]host[:6379][/database]`, with TLS as `rediss://`, and the same as `valkey://`, `valkeys://`. */
export interface RedisTargetUrl extends Shown {
  readonly kind: 'redis'
  readonly host: string
  readonly port: number
  readonly username?: string
  readonly password?: string
  readonly database: number
  readonly tls?: UrlTls
  readonly iam?: UrlIam
}

/** `?ca=FILE&cert=FILE&key=FILE&sni=NAME&insecure` */
export interface UrlTls {
  readonly caFile?: string
  readonly certFile?: string
  readonly keyFile?: string
  readonly serverName?: string
  /** The server's certificate is not checked. */
  readonly insecure: boolean
}

/** `?auth=iam&cache=NAME&user=ID&region=eu-west-1[&serverless]` */
export interface UrlIam {
  readonly cache: string
  readonly user: string
  /** From the environment when absent. */
  readonly region?: string
  readonly serverless: boolean
}

/** `memcached://host[:11211][,host[:11211]...]` */
export interface MemcachedTargetUrl extends Shown {
  readonly kind: 'memcached'
  readonly nodes: readonly { readonly host: string; readonly port: number }[]
}

/** `local:redis|valkey|memcached[?maxmemory=64mb&policy=allkeys-lru&persistence=aof&threads=4]` */
export interface LocalTargetUrl extends Shown {
  readonly kind: 'local'
  readonly engine: ServerKind
  readonly maxMemoryBytes?: number
  readonly maxMemoryPolicy?: string
  readonly persistence: Persistence
  readonly threads?: number
}

export const ENGINES: readonly ServerKind[] = ['redis', 'valkey', 'memcached']

export { redactUrl }

/** Every way to name a target, for help and error messages. */
export const TARGET_FORMS: readonly string[] = [
  'engine:redis',
  'engine:valkey',
  'engine:memcached',
  'redis://host:6379',
  'rediss://host:6379',
  'valkey://host:6379',
  'valkeys://host:6379',
  'memcached://host:11211,host2:11211',
  'local:redis',
  'local:valkey',
  'local:memcached',
]

const SCHEMES = ['engine', 'local', 'redis', 'rediss', 'valkey', 'valkeys', 'memcached']
const DEFAULT_REDIS_PORT = 6379
const DEFAULT_MEMCACHED_PORT = 11_211

/** Reads a target URL. Throws `UsageError` that names what is wrong with it and the nearest valid form, never a secret. */
export function parseTargetUrl(url: string): TargetUrl {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase() ?? ''
  // A host name is no scheme: `cache.example.com:6379`.
  const bare = /^[^/?@]*:\d+$/.test(url) || scheme === ''
  if (bare) {
    const guess = url.endsWith(`:${DEFAULT_MEMCACHED_PORT}`) ? 'memcached' : 'redis'
    throw new UsageError(
      `"${redactUrl(url)}" is not a target: it has no scheme`,
      ENGINES.includes(url as ServerKind) ? `Did you mean engine:${url} or local:${url}?` : `Did you mean ${guess}://${redactUrl(url)}?`,
    )
  }
  switch (scheme) {
    case 'engine':
      return parseEngine(url)
    case 'local':
      return parseLocal(url)
    case 'redis':
    case 'valkey':
    case 'rediss':
    case 'valkeys':
      return parseRedis(url, scheme)
    case 'memcached':
      return parseMemcached(url)
    default:
      throw new UsageError(
        `"${redactUrl(url)}" is not a target: there is no scheme "${scheme}"`,
        choose(scheme, SCHEMES, `Targets look like ${TARGET_FORMS.join(', ')}.`),
      )
  }
}

function parseEngine(url: string): EngineTargetUrl {
  const { name, parameters } = splitOpaque(url)
  const memory = memoryParameters(name, parameters)
  const profile = parameters.text('profile')
  parameters.end(['profile', 'maxmemory', 'policy'])
  return { kind: 'engine', engine: name, family: familyOf(name), shown: url, label: url, ...memory, ...(profile === undefined ? {} : { profile }) }
}

function parseLocal(url: string): LocalTargetUrl {
  const { name, parameters } = splitOpaque(url)
  const memory = memoryParameters(name, parameters)
  const persistence = parameters.oneOf('persistence', PERSISTENCE) ?? 'none'
  if (name === 'memcached' && persistence !== 'none') throw new UsageError(`"${url}": memcached has no persistence`)
  const threads = parameters.integer('threads', 1, 128)
  parameters.oneOf('topology', ['single'])
  parameters.end(['maxmemory', 'policy', 'persistence', 'threads', 'topology'])
  return {
    kind: 'local',
    engine: name,
    family: familyOf(name),
    persistence,
    shown: url,
    label: url,
    ...memory,
    ...(threads === undefined ? {} : { threads }),
  }
}

function familyOf(engine: ServerKind): 'redis' | 'memcached' {
  return engine === 'memcached' ? 'memcached' : 'redis'
}

function splitOpaque(url: string): { name: ServerKind; parameters: Parameters } {
  const [head = '', query] = splitQuery(url)
  const name = head.slice(head.indexOf(':') + 1).replace(/^\/\//, '')
  const scheme = head.slice(0, head.indexOf(':'))
  const engine = ENGINES.find((known) => known === name)
  if (engine === undefined) {
    throw new UsageError(
      `"${redactUrl(url)}": there is no engine "${redactUrl(name)}"`,
      choose(name, ENGINES, `Use ${ENGINES.map((each) => `${scheme}:${each}`).join(', ')}.`),
    )
  }
  return { name: engine, parameters: new Parameters(url, query) }
}

function memoryParameters(engine: ServerKind, parameters: Parameters) {
  const text = parameters.text('maxmemory')
  const maxMemoryBytes = text === undefined ? undefined : parseMemory(text)
  if (text !== undefined && maxMemoryBytes === undefined) parameters.wrong('maxmemory', text, 'a size like 64mb, 1gb or a number of bytes')
  const maxMemoryPolicy = parameters.oneOf('policy', evictionPolicies)
  if (engine === 'memcached' && maxMemoryPolicy !== undefined)
    throw new UsageError('policy= is a setting of Redis and Valkey; memcached always evicts')
  return { ...(maxMemoryBytes === undefined ? {} : { maxMemoryBytes }), ...(maxMemoryPolicy === undefined ? {} : { maxMemoryPolicy }) }
}

function parseRedis(url: string, scheme: string): RedisTargetUrl {
  const shown = redactUrl(url)
  const [head, query] = splitQuery(url)
  const { host, port, username, password, path } = parseAuthority(head, shown, DEFAULT_REDIS_PORT)
  const database = path === '' ? 0 : Number(path)
  if (!/^\d*$/.test(path) || database > 65_535) throw new UsageError(`"${shown}": "${path}" is not a database number`, `${scheme}://host:6379/0`)
  const parameters = new Parameters(shown, query)
  const secure = scheme === 'rediss' || scheme === 'valkeys'
  const tls = tlsParameters(parameters)
  const iam = iamParameters(parameters, username)
  parameters.end(['ca', 'cert', 'key', 'sni', 'insecure', 'auth', 'cache', 'user', 'region', 'serverless'])
  if (!secure && parameters.any(['ca', 'cert', 'key', 'sni', 'insecure'])) {
    throw new UsageError(`"${shown}": ca, cert, key, sni and insecure are settings of TLS`, `For TLS write ${scheme}s://`)
  }
  if (iam !== undefined && !secure) throw new UsageError(`"${shown}": IAM authentication needs TLS`, `Write ${scheme}s://`)
  if (iam !== undefined && password !== undefined) throw new UsageError(`"${shown}": with auth=iam the password is made, leave yours out`)
  return {
    kind: 'redis',
    family: 'redis',
    host,
    port,
    database,
    shown,
    label: `${scheme}://${hostPort(host, port)}${database === 0 ? '' : `/${database}`}`,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(secure ? { tls } : {}),
    ...(iam === undefined ? {} : { iam }),
  }
}

function tlsParameters(parameters: Parameters): UrlTls {
  const caFile = parameters.text('ca')
  const certFile = parameters.text('cert')
  const keyFile = parameters.text('key')
  const serverName = parameters.text('sni')
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new UsageError(`"${parameters.shown}": a client certificate needs both cert=FILE and key=FILE`)
  }
  return {
    insecure: parameters.flag('insecure'),
    ...(caFile === undefined ? {} : { caFile }),
    ...(certFile === undefined ? {} : { certFile }),
    ...(keyFile === undefined ? {} : { keyFile }),
    ...(serverName === undefined ? {} : { serverName }),
  }
}

function iamParameters(parameters: Parameters, username: string | undefined): UrlIam | undefined {
  const auth = parameters.oneOf('auth', ['iam'])
  const cache = parameters.text('cache')
  const user = parameters.text('user') ?? username
  const region = parameters.text('region')
  const serverless = parameters.flag('serverless')
  if (auth === undefined) {
    if (parameters.any(['cache', 'user', 'region', 'serverless'])) {
      throw new UsageError(`"${parameters.shown}": cache, user, region and serverless belong to auth=iam`)
    }
    return undefined
  }
  if (cache === undefined || user === undefined) {
    throw new UsageError(
      `"${parameters.shown}": auth=iam needs ${cache === undefined ? 'cache=NAME (of the cache or replication group)' : 'user=ID (of the IAM-enabled user)'}`,
      'rediss://host:6379?auth=iam&cache=NAME&user=ID&region=eu-west-1',
    )
  }
  return { cache, user, serverless, ...(region === undefined ? {} : { region }) }
}

function parseMemcached(url: string): MemcachedTargetUrl {
  const shown = redactUrl(url)
  const [head, query] = splitQuery(url)
  if (head.includes('@')) throw new UsageError(`"${shown}": user and password are not supported for memcached`)
  new Parameters(shown, query).end([])
  const list = head
    .slice(head.indexOf(':') + 1)
    .replace(/^\/\//, '')
    .replace(/\/$/, '')
  const nodes = list.split(',').map((part) => {
    const { host, port } = parseAuthority(`memcached://${part.trim()}`, shown, DEFAULT_MEMCACHED_PORT)
    return { host, port }
  })
  return {
    kind: 'memcached',
    family: 'memcached',
    nodes,
    shown,
    label: `memcached://${nodes.map(({ host, port }) => hostPort(host, port)).join(',')}`,
  }
}

function parseAuthority(head: string, shown: string, defaultPort: number) {
  let parsed: URL
  try {
    parsed = new URL(head)
  } catch {
    throw new UsageError(
      `"${shown}" is not a valid URL`,
      'Special characters in a user name or password must be percent-encoded: @ is %40, / is %2F.',
    )
  }
  if (parsed.hostname === '' || !/^[a-z][a-z0-9+.-]*:\/\//i.test(head))
    throw new UsageError(`"${shown}" names no host`, `${parsed.protocol}//host:${defaultPort}`)
  const port = parsed.port === '' ? defaultPort : Number(parsed.port)
  if (port === 0) throw new UsageError(`"${shown}": 0 is not a port`)
  const username = decode(parsed.username, shown)
  const password = decode(parsed.password, shown)
  return {
    host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    username: username === '' ? undefined : username,
    password: password === '' ? undefined : password,
    path: parsed.pathname.replace(/^\//, ''),
  }
}

function decode(text: string, shown: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new UsageError(`"${shown}": the user name or password is not correctly percent-encoded`, 'A percent sign is %25.')
  }
}

function splitQuery(url: string): [string, string] {
  const at = url.indexOf('?')
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)]
}
