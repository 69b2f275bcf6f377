import type { EngineProfile } from '../engine/engine.ts'
import { chooseEngine, type EngineChoice, profileNames } from '../engine/engine-choice.ts'
import { compareVersions } from '../engine/memcached/profiles.ts'
import { nearest } from '../measure/nearest.ts'
import { UsageError } from '../runtime/usage-error.ts'
import type { TargetDescription } from '../targets/target.ts'

/** What is right for an endpoint. */
export interface Reference extends EngineChoice {
  /** "redis-7.0.15". */
  readonly name: string
  /** Said to the reader where the profile is not the endpoint's own version. */
  readonly note?: string
}

const ENGINES = ['redis', 'valkey', 'memcached'] as const

/**
 * The reference engine in the profile that was asked for, or in the one nearest to what the endpoint says it is: the
 * newest that is not newer, else the oldest. Throws `UsageError` for a profile there is none of, or of another family.
 */
export function chooseReference(
  said: Pick<TargetDescription, 'engine' | 'version'>,
  family: 'redis' | 'memcached',
  asked: string | undefined,
): Reference {
  if (asked !== undefined) return askedFor(asked, said, family)
  const engine = said.engine === 'unknown' ? family : said.engine
  const names = profileNames(engine)
  const versions = names.map((name) => name.slice(engine.length + 1))
  if (!/^\d+(\.\d+)+$/.test(said.version)) {
    const choice = chooseEngine(engine)
    return named(choice, `the endpoint does not say its version; it is held against ${nameOf(choice.profile)} (--profile for another)`)
  }
  // Redis and Valkey change from minor to minor, memcached with any release.
  const sameMinor = engine === 'memcached' ? [] : versions.filter((version) => minorOf(version) === minorOf(said.version))
  const notNewer = versions.filter((version) => compareVersions(version, said.version) <= 0)
  const best = sameMinor.at(-1) ?? notNewer.at(-1) ?? versions[0]!
  const choice = chooseEngine(engine, `${engine}-${best}`)
  return best === said.version ? named(choice) : named(choice, inexact(said, best, engine))
}

function inexact(said: Pick<TargetDescription, 'version'>, best: string, engine: string): string {
  return `the endpoint is ${engine} ${said.version}; the nearest profile is ${engine}-${best}, so a difference may be one between versions`
}

function askedFor(asked: string, said: Pick<TargetDescription, 'engine' | 'version'>, family: 'redis' | 'memcached'): Reference {
  const engine = ENGINES.find((name) => asked === name || asked.startsWith(`${name}-`)) ?? (said.engine === 'unknown' ? family : said.engine)
  const fitting = ENGINES.filter((name) => (name === 'memcached') === (family === 'memcached'))
  const names = fitting.flatMap((name) => [...profileNames(name)])
  if (!fitting.includes(engine)) throw new UsageError(`the profile ${asked} is of another family than this target`, `use one of ${names.join(', ')}`)
  let choice: EngineChoice
  try {
    choice = asked === engine ? chooseEngine(engine) : chooseEngine(engine, asked)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const close = nearest(asked, names)
    throw new UsageError(`there is no profile "${asked}"`, close === undefined ? `profiles are ${names.join(', ')}` : `did you mean ${close}?`)
  }
  const { profile } = choice
  const same = profile.engine === said.engine && profile.version === said.version
  return same
    ? named(choice)
    : named(choice, `the endpoint says it is ${said.engine} ${said.version} and is held against ${nameOf(profile)}, as asked`)
}

function named(choice: EngineChoice, note?: string): Reference {
  return { ...choice, name: nameOf(choice.profile), ...(note === undefined ? {} : { note }) }
}

const nameOf = (profile: EngineProfile) => `${profile.engine}-${profile.version}`
const minorOf = (version: string) => version.split('.').slice(0, 2).join('.')
