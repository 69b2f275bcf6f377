import type { Checker } from './checker.ts'
import { commits } from './commits.ts'
import { expiry } from './expiry.ts'
import { leaderboard } from './leaderboard.ts'
import { linearizability } from './linearizable.ts'
import { sessions } from './sessions.ts'
import { staleness } from './staleness.ts'
import { values } from './values.ts'

/** Every checker a pattern can name, in the order of the report's tables. */
export const CHECKERS: readonly Checker[] = [staleness, linearizability, commits, values, expiry, sessions, leaderboard]
