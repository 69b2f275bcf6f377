import { UsageError } from '../runtime/usage-error.ts'
import type { Engine, EngineName, EngineOptions, EngineProfile } from './engine.ts'
import { createMemcachedEngine } from './memcached/memcached-engine.ts'
import { DEFAULT_MEMCACHED_PROFILE, MEMCACHED_PROFILES } from './memcached/profiles.ts'
import { findRedisProfile, redisProfiles } from './redis/profiles.ts'
import { createRedisEngine } from './redis/redis-engine.ts'

/** A reference engine at one version. */
export interface EngineChoice {
  readonly profile: EngineProfile
  createEngine(options: EngineOptions): Engine
}

/** Names under which the profiles of an engine are asked for: "redis-7.0.15". The first is the default. */
export function profileNames(engine: EngineName): readonly string[] {
  const profiles = engine === 'memcached' ? MEMCACHED_PROFILES : redisProfiles.filter((profile) => profile.engine === engine)
  return profiles.map((profile) => `${engine}-${profile.version}`)
}

/**
 * The reference engine by its name and, if given, profile: "redis-7.0.15", or less of it as long as it names one
 * ("redis-7.0", "7.0.15", "7.0"). Throws `UsageError` that names the profiles there are.
 */
export function chooseEngine(engine: EngineName, profile?: string): EngineChoice {
  const version = profile === undefined ? undefined : versionOf(engine, profile)
  if (engine === 'memcached') {
    const found = version === undefined ? DEFAULT_MEMCACHED_PROFILE : MEMCACHED_PROFILES.find((known) => known.version === version)!
    return { profile: found, createEngine: (options) => createMemcachedEngine(found, options) }
  }
  const found = findRedisProfile(engine, version)!
  return { profile: found, createEngine: (options) => createRedisEngine(found, options) }
}

function versionOf(engine: EngineName, profile: string): string {
  const names = profileNames(engine)
  const asked = profile.startsWith(`${engine}-`) ? profile : `${engine}-${profile}`
  const found = names.find((name) => name === asked || name.startsWith(`${asked}.`))
  if (found === undefined) {
    // All of them: a version that is not there is no slip of the nearest one.
    throw new UsageError(`there is no profile "${profile}" of engine:${engine}`, `Its profiles are ${names.join(', ')}.`)
  }
  return found.slice(engine.length + 1)
}
