import { nearest } from '../../measure/nearest.ts'
import { UsageError } from '../../runtime/usage-error.ts'
import type { MixDefinition } from '../mix.ts'
import type { PatternDefinition } from '../pattern.ts'
import { cacheAside } from './cache-aside.ts'
import { cacheAsideWriteThroughTtl } from './cache-aside-write-through-ttl.ts'
import { leaderboard } from './leaderboard.ts'
import { mix } from './mix.ts'
import { none } from './none.ts'
import { sessionStore } from './session-store.ts'
import { writeThrough } from './write-through.ts'

export type ProgramDefinition = PatternDefinition | MixDefinition

/** Every program a workload can name, in the order of `cacheproof list patterns`. */
export const PROGRAMS: readonly ProgramDefinition[] = [cacheAside, writeThrough, cacheAsideWriteThroughTtl, sessionStore, leaderboard, none, mix]

/** @throws UsageError that names the nearest pattern when there is none of this name */
export function findProgram(name: string): ProgramDefinition {
  const found = PROGRAMS.find((one) => one.name === name)
  if (found) return found
  const names = PROGRAMS.map((one) => one.name)
  const close = nearest(name, names)
  throw new UsageError(`no pattern is called "${name}"`, close === undefined ? `choose one of ${names.join(', ')}` : `did you mean ${close}?`)
}
