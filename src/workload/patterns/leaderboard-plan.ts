import type { Stream } from '../../runtime/runtime.ts'
import type { KeyChooser } from '../keys/key-chooser.ts'

/** What an index does on the leaderboard. */
export interface LeaderboardStep {
  readonly kind: 'submit' | 'top' | 'rank' | 'around' | 'season'
  readonly season: number
  readonly player: number
  /** Points of a submit; else 0. */
  readonly points: number
}

export interface LeaderboardShares {
  /** Of all operations, 0..1; together 1. */
  readonly submit: number
  readonly top: number
  readonly rank: number
  readonly around: number
}

/** Points of one game: small whole numbers, so that there are ties and neighbours overtake each other all the time. */
const MOST_POINTS = 10

/** A season is a number of operations, not of seconds: which operation belongs to which does not hang on the clock. */
export function createLeaderboardPlan(
  keys: KeyChooser,
  shares: LeaderboardShares,
  operationsPerSeason: number | null,
  stream: (concern: string) => Stream,
): (index: number) => LeaderboardStep {
  const kinds = stream('leaderboard kinds')
  const points = stream('leaderboard points')
  return (index) => {
    const season = operationsPerSeason === null ? 0 : Math.floor(index / operationsPerSeason)
    if (season > 0 && index % operationsPerSeason! === 0) return { kind: 'season', season, player: -1, points: 0 }
    const player = keys.key(index)
    const draw = kinds.uniform(index)
    if (draw < shares.submit) return { kind: 'submit', season, player, points: 1 + Math.floor(points.uniform(index) * MOST_POINTS) }
    if (draw < shares.submit + shares.top) return { kind: 'top', season, player, points: 0 }
    if (draw < shares.submit + shares.top + shares.rank) return { kind: 'rank', season, player, points: 0 }
    return { kind: 'around', season, player, points: 0 }
  }
}
