import type { EngineProfile } from '../engine.ts'
import type { FloatStyle } from './numbers/format-double.ts'

/** Sizes up to which hashes and sorted sets keep their compact encoding. */
export interface EncodingLimits {
  readonly hashEntries: number
  readonly hashValue: number
  readonly zsetEntries: number
  readonly zsetValue: number
}

/** One engine at one version: everything in which it differs from the others. */
export interface RedisProfile extends EngineProfile {
  readonly engine: 'redis' | 'valkey'
  /** The Redis version whose commands it has, as numbers: commands that came later do not exist. */
  readonly level: readonly [major: number, minor: number]
  /** `redis_version` in INFO: 7.2.4 on every Valkey. */
  readonly redisVersion: string
  readonly floats: FloatStyle
  readonly limits: EncodingLimits
  /** How an expired key is deleted on replicas: DEL, or UNLINK where lazyfree-lazy-expire is on by default. */
  readonly expiredAs: 'DEL' | 'UNLINK'
  /** `SCAN 0 TYPE foo`: an error on Valkey, empty on Redis. */
  readonly scanChecksType: boolean
  /** How SCAN's cursor is read: by strtoul (nothing is zero, no leading blank), or by string2ull (the other way round). */
  readonly cursors: 'strtoul' | 'string2ull'
  /** HELLO ... SETNAME takes effect as it is read, or when the whole command was found right. */
  readonly helloSetsName: 'at once' | 'at the end'
  /** LIMIT with a negative offset finds nothing, or in a skip list counts from the other end (zslNthInRange, since 7.2). */
  readonly negativeOffsets: 'nothing' | 'from the end'
  /** HSCAN NOVALUES (Redis 7.4, Valkey 8.0). */
  readonly hscanNoValues: boolean
  /** Whether the refusal of a `no_multi` command inside a transaction names it. */
  readonly noMultiText: 'anonymous' | 'named'
  /** With memory full, a transaction still takes commands that use none (Redis 7.4, Valkey 8.0). */
  readonly queuesWhenFull: boolean
  /** HSET and ZADD choose the encoding by all the words of the command, also those that store nothing (since 7.2). */
  readonly presizes: boolean
}

const LIMITS: EncodingLimits = { hashEntries: 512, hashValue: 64, zsetEntries: 128, zsetValue: 64 }

const REDIS_7_0: RedisProfile = {
  engine: 'redis',
  version: '7.0.15',
  level: [7, 0],
  redisVersion: '7.0.15',
  floats: 'g17',
  limits: LIMITS,
  expiredAs: 'DEL',
  scanChecksType: false,
  cursors: 'strtoul',
  negativeOffsets: 'nothing',
  helloSetsName: 'at once',
  hscanNoValues: false,
  noMultiText: 'anonymous',
  queuesWhenFull: false,
  presizes: false,
}

const REDIS_7_2: RedisProfile = {
  ...REDIS_7_0,
  version: '7.2.4',
  redisVersion: '7.2.4',
  level: [7, 2],
  floats: 'shortest',
  cursors: 'string2ull',
  negativeOffsets: 'from the end',
  helloSetsName: 'at the end',
  presizes: true,
}

const REDIS_8_0: RedisProfile = { ...REDIS_7_2, version: '8.0.2', redisVersion: '8.0.2', level: [8, 0], hscanNoValues: true, queuesWhenFull: true }

const VALKEY_8_0: RedisProfile = {
  ...REDIS_7_2,
  engine: 'valkey',
  version: '8.0.1',
  expiredAs: 'UNLINK',
  scanChecksType: true,
  hscanNoValues: true,
  queuesWhenFull: true,
}

const VALKEY_8_1: RedisProfile = { ...VALKEY_8_0, version: '8.1.1' }

const VALKEY_9_1: RedisProfile = { ...VALKEY_8_1, version: '9.1.2', noMultiText: 'named' }

/** Newest last. The first of each engine is the default: it is the one checked reply by reply against a real server. */
export const redisProfiles: readonly RedisProfile[] = [REDIS_7_0, REDIS_7_2, REDIS_8_0, VALKEY_8_0, VALKEY_8_1, VALKEY_9_1]

/**
 * The profile of an engine: the default one, the one of exactly this version, or the newest that is not newer.
 * Undefined when every known profile is newer than `version` or it is no version.
 */
export function findRedisProfile(engine: 'redis' | 'valkey', version?: string): RedisProfile | undefined {
  const known = redisProfiles.filter((profile) => profile.engine === engine)
  if (version === undefined) return known[0]
  const asked = parseVersion(version)
  if (!asked) return undefined
  let best: RedisProfile | undefined
  for (const profile of known) {
    const [major, minor] = parseVersion(profile.version)!
    if (major < asked[0] || (major === asked[0] && minor <= asked[1])) best = profile
  }
  return best
}

function parseVersion(text: string): [number, number] | undefined {
  const found = /^(\d+)\.(\d+)/.exec(text) ?? /^(\d+)$/.exec(text)
  return found ? [Number(found[1]), found[2] === undefined ? Number.POSITIVE_INFINITY : Number(found[2])] : undefined
}
