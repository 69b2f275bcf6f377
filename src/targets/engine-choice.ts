import type { Engine, EngineOptions, EngineProfile } from '../engine/engine.ts'
import { createMemcachedEngine } from '../engine/memcached/memcached-engine.ts'
import { DEFAULT_MEMCACHED_PROFILE, MEMCACHED_PROFILES } from '../engine/memcached/profiles.ts'
import { findRedisProfile, redisProfiles } from '../engine/redis/profiles.ts'
import { createRedisEngine } from '../engine/redis/redis-engine.ts'
import { UsageError } from '../runtime/usage-error.ts'
import type { ServerKind } from './local/find-program.ts'

/** A reference engine at one version. */
export interface EngineChoice {
  readonly profile: EngineProfile
  createEngine(options: EngineOptions): Engine
}

/** Names under which the profiles of an engine are asked for: "redis-7.0.15". The first is the default. */
export function profileNames(engine: ServerKind): readonly string[] {
  const profiles = engine === 'memcached' ? MEMCACHED_PROFILES : redisProfiles.filter((profile) => profile.engine === engine)
  return profiles.map((profile) => `${engine}-${profile.version}`)
}

/**
 * The reference engine by its name and, if given, profile: "redis-7.0.15", or less of it as long as it names one
 * ("redis-7.0", "7.0.15", "7.0"). Throws `UsageError` that names the profiles there are.
 */
export function chooseEngine(engine: ServerKind, profile?: string): EngineChoice {
  const version = profile === undefined ? undefined : versionOf(engine, profile)
  if (engine === 'memcached') {
    const found = version === undefined ? DEFAULT_MEMCACHED_PROFILE : MEMCACHED_PROFILES.find((known) => known.version === version)!
    return { profile: found, createEngine: (options) => createMemcachedEngine(found, options) }
  }
  const found = findRedisProfile(engine, version)!
  return { profile: found, createEngine: (options) => createRedisEngine(found, options) }
}

function versionOf(engine: ServerKind, profile: string): string {
  const names = profileNames(engine)
  const asked = profile.startsWith(`${engine}-`) ? profile : `${engine}-${profile}`
  const found = names.find((name) => name === asked || name.startsWith(`${asked}.`))
  if (found === undefined) {
    // All of them: a version that is not there is no slip of the nearest one.
    throw new UsageError(`there is no profile "${profile}" of engine:${engine}`, `Its profiles are ${names.join(', ')}.`)
  }
  return found.slice(engine.length + 1)
}
