import { z } from 'zod'
import type { CacheKey, CacheResult, RankedMember, SortedSetCache } from '../../client/cache/cache.ts'
import { MILLISECOND, type Nanos } from '../../runtime/runtime.ts'
import { count, durationOrNone, ratio } from '../file/fields.ts'
import type { OperationIntent, OperationResult, PatternContext, PatternDefinition, World } from '../pattern.ts'
import { findDisorder } from './find-disorder.ts'
import { createLeaderboardPlan, type LeaderboardShares } from './leaderboard-plan.ts'
import { statusOf } from './status-of.ts'

export interface LeaderboardSettings {
  /** How many a "top" asks for. */
  readonly top: number
  /** How many above and below the player an "around me" asks for. */
  readonly around: number
  /** Operations a season lasts; null: one season for the whole run. */
  readonly operationsPerSeason: number | null
  /** How long a season's board stays after its end; null: past the end of the run. */
  readonly keepNanos: Nanos | null
  readonly shares: LeaderboardShares
}

const shares = z
  .strictObject({
    submit: ratio().prefault('50%').describe('A game ends: points are added to a score.'),
    top: ratio().prefault('20%').describe('The best are asked for.'),
    rank: ratio().prefault('20%').describe('A player asks for the own rank.'),
    around: ratio().prefault('10%').describe('A player asks for the neighbours.'),
  })
  .superRefine((given, context) => {
    const total = given.submit + given.top + given.rank + given.around
    if (Math.abs(total - 1) < 1e-6) return
    const message = `the shares add up to ${Number((total * 100).toFixed(2))}%`
    context.issues.push({
      code: 'custom',
      input: given,
      message,
      params: {
        expected: 'submit, top, rank and around that add up to 100%',
        example: '{ submit: 50%, top: 20%, rank: 20%, around: 10% }',
        reason: message,
      },
    })
  })

/**
 * Scores in one sorted set a season. A submit adds points (the engine's own increment, so that two at once both
 * count): `arg` = points, `ret` = the new score. Key of the history = player + season x players. Points are added
 * once for each acknowledged submit, no more and no less; `verify` reads back every final score for the check of it.
 */
export const leaderboard: PatternDefinition<LeaderboardSettings> = {
  kind: 'pattern',
  name: 'leaderboard',
  summary: 'Scores in a sorted set: submits that move ranks, the top, the own rank, the neighbours, a new season now and then.',
  settings: z
    .strictObject({
      top: count({ min: '1', max: '1k' }).prefault('10').describe('How many a "top" asks for.'),
      around: count({ min: '1', max: '500' }).prefault('5').describe('How many above and below an "around me" asks for.'),
      season: z
        .union([z.literal('none'), count({ min: '10' })])
        .default('none')
        .describe('Operations until the next season begins with an empty board; none: one season.'),
      keep: durationOrNone({ min: '1ms' }).prefault('none').describe("How long the last season's board stays; none: past the end of the run."),
      shares: shares.prefault({}).describe('Shares of the operations.'),
    })
    .transform(
      (given): LeaderboardSettings => ({
        top: given.top,
        around: given.around,
        operationsPerSeason: given.season === 'none' ? null : given.season,
        keepNanos: given.keep,
        shares: given.shares,
      }),
    ),
  needs: ['sorted-set'],
  usesCache: true,
  calls: () => ['incrementScore', 'expire', 'range', 'rank'],
  names: ({ operationsPerSeason }, { operations }) => [
    { stem: 'season:', count: operationsPerSeason === null ? 1 : Math.ceil(operations / operationsPerSeason) + 1 },
  ],
  usesDatabase: false,
  classes: [
    { name: 'submit', kind: 'write' },
    { name: 'top', kind: 'read' },
    { name: 'rank', kind: 'read' },
    { name: 'around', kind: 'read' },
    { name: 'season', kind: 'write' },
    { name: 'top unsorted', kind: 'read' },
    { name: 'top duplicate', kind: 'read' },
    { name: 'around unsorted', kind: 'read' },
    { name: 'around duplicate', kind: 'read' },
  ],
  checks: ['leaderboard'],
  // Submit of a known and of a new player; top; rank; around of a ranked and of an unranked player; a new season.
  codePaths: 7,
  create: (context) => new Leaderboard(context),
}

class Leaderboard {
  readonly #context: PatternContext<LeaderboardSettings>
  readonly #step: ReturnType<typeof createLeaderboardPlan>
  readonly #keepMillis: number

  constructor(context: PatternContext<LeaderboardSettings>) {
    const { settings, keys } = context
    this.#context = context
    this.#step = createLeaderboardPlan(keys, settings.shares, settings.operationsPerSeason, (concern) => context.stream(concern))
    this.#keepMillis = settings.keepNanos === null ? context.safetyTtlMillis : Math.max(1, Math.round(settings.keepNanos / MILLISECOND))
  }

  intent(index: number): OperationIntent {
    const { kind, season, player } = this.#step(index)
    const key = kind === 'season' ? -1 : season * this.#context.keys.count + player
    if (kind === 'submit' || kind === 'season') return { fn: kind, key, kind: 'write', class: kind }
    // Whether an answer is in order shows when it is there.
    return kind === 'rank' ? { fn: kind, key, kind: 'read', class: kind } : { fn: kind, key, kind: 'read' }
  }

  operation(index: number, world: World): Promise<OperationResult> {
    const { kind, season, player, points } = this.#step(index)
    const key = season * this.#context.keys.count + player
    const board = sortedSetOf(world)
    switch (kind) {
      case 'submit':
        return this.#submit(board, season, player, key, points)
      case 'top':
        return this.#top(board, season, key)
      case 'rank':
        return this.#rank(board, season, player, key)
      case 'around':
        return this.#around(board, season, player, key)
      case 'season':
        return this.#endSeason(board, season - 1)
    }
  }

  async verify(world: World, lastIndex: number): Promise<void> {
    const { operationsPerSeason, keepNanos } = this.#context.settings
    const last = operationsPerSeason === null ? 0 : Math.floor(Math.max(0, lastIndex) / operationsPerSeason)
    // Of a board that was told to go away nothing can be said.
    for (let season = keepNanos === null ? 0 : last; season <= last; season++) await this.#readBack(season, world)
  }

  async #submit(board: SortedSetCache, season: number, player: number, key: number, points: number): Promise<OperationResult> {
    const name = this.#key(season, key)
    const scored = await board.incrementScore(name, memberOf(player), points)
    if (scored.status !== 'ok') return { class: 'submit', fn: 'submit', key, arg: points, ...statusOf(scored) }
    let error = ''
    if (scored.value === points) {
      // The player is new on this board, and may be the first: an increment makes the board, but gives it no TTL.
      const expires = await board.expire(name, this.#context.safetyTtlMillis)
      error = statusOf(expires).error
    }
    return { class: 'submit', fn: 'submit', key, arg: points, ret: scored.value, status: 'ok', error }
  }

  async #top(board: SortedSetCache, season: number, key: number): Promise<OperationResult> {
    const best = await board.range(this.#key(season, key), 0, this.#context.settings.top - 1)
    return judged('top', key, Number.NaN, best)
  }

  async #rank(board: SortedSetCache, season: number, player: number, key: number): Promise<OperationResult> {
    const rank = await board.rank(this.#key(season, key), memberOf(player))
    const ret = rank.status === 'ok' ? (rank.value ?? Number.NaN) : Number.NaN
    return { class: 'rank', fn: 'rank', key, ret, ...statusOf(rank) }
  }

  /** `arg` = the player's rank. Others may move between the two calls: the player need not be in the middle, or there at all. */
  async #around(board: SortedSetCache, season: number, player: number, key: number): Promise<OperationResult> {
    const rank = await board.rank(this.#key(season, key), memberOf(player))
    if (rank.status !== 'ok') return { class: 'around', fn: 'around', key, ...statusOf(rank) }
    if (rank.value === null) return { class: 'around', fn: 'around', key, ret: 0, status: 'ok' }
    const { around } = this.#context.settings
    const neighbours = await board.range(this.#key(season, key), Math.max(0, rank.value - around), rank.value + around)
    return judged('around', key, rank.value, neighbours)
  }

  /** The new board is made by its first submit; the old one is kept for a while. */
  async #endSeason(board: SortedSetCache, ended: number): Promise<OperationResult> {
    const expires = await board.expire(this.#key(ended, -1), this.#keepMillis)
    return { class: 'season', fn: 'season', key: -1, arg: ended, ...statusOf(expires) }
  }

  /** One probe row "final score" for each player; ret = 0 for those who are not on the board (of a million at the most). */
  async #readBack(season: number, world: World): Promise<void> {
    const { count: players } = this.#context.keys
    const missing = new Set(Array.from({ length: Math.min(players, MOST_ABSENT) }, (_, player) => player))
    const board = sortedSetOf(world)
    for (let first = 0; ; first += READ_AT_ONCE) {
      const part = await board.range(this.#key(season, -1), first, first + READ_AT_ONCE - 1)
      // Half a board proves nothing about the other half.
      if (part.status !== 'ok') return world.probe({ fn: 'read back', key: -1, outcome: part.failure.code, arg: season })
      for (const { member, score } of part.value) {
        const player = playerOf(member)
        missing.delete(player)
        world.probe({ fn: 'final score', key: season * players + player, outcome: 'found', ret: score })
      }
      if (part.value.length < READ_AT_ONCE) break
    }
    for (const player of missing) world.probe({ fn: 'final score', key: season * players + player, outcome: 'absent', ret: 0 })
  }

  #key(season: number, id: number): CacheKey {
    return { id, name: this.#context.keyName(`season:${season}`) }
  }
}

const READ_AT_ONCE = 1000
const MOST_ABSENT = 1_000_000

function judged(name: 'top' | 'around', key: number, arg: number, members: CacheResult<readonly RankedMember[]>): OperationResult {
  if (members.status !== 'ok') return { class: name, fn: name, key, arg, ...statusOf(members) }
  const disorder = findDisorder(members.value)
  const error = disorder ?? ''
  return { class: disorder ? `${name} ${disorder}` : name, fn: name, key, arg, ret: members.value.length, status: 'ok', error }
}

/** Padded, so that the order of ties is the order of players and names are of one length. */
function memberOf(player: number): string {
  return `player:${String(player).padStart(10, '0')}`
}

function playerOf(member: string): number {
  return Number(member.slice('player:'.length))
}

function sortedSetOf(world: World): SortedSetCache {
  const { sortedSet } = world.cache
  if (!sortedSet) throw new Error('the leaderboard needs an engine with sorted sets')
  return sortedSet
}
