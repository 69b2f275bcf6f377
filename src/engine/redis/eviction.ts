import type { Database } from './database.ts'
import { isFrequencyPolicy, type Settings } from './settings.ts'

/**
 * Makes room by removing keys until `used()` is within the limit, as performEvictions in evict.c: a few keys are
 * drawn, the one idle longest (or used least often, or expiring first, or any) goes. Returns false when nothing is left to remove.
 *
 * Approximate like the real one, without its pool of earlier candidates: what goes is the oldest of
 * `maxMemorySamples` (5) keys drawn anew each time. Memory is the engine's estimate (`sizeOf`, `ENTRY_BYTES`).
 */
export function makeRoom(
  databases: readonly Database[],
  settings: Settings,
  used: () => number,
  random: () => number,
  onEvicted: (database: Database, key: string) => void,
): boolean {
  const policy = settings.maxMemoryPolicy
  while (used() > settings.maxMemoryBytes) {
    if (policy === 'noeviction') return false
    const victim = chooseVictim(databases, policy, settings.maxMemorySamples, random)
    if (!victim) return false
    const key = victim.database.keyspace.keyAt(victim.entry)
    victim.database.removeEntry(victim.entry)
    onEvicted(victim.database, key)
  }
  return true
}

interface Victim {
  readonly database: Database
  readonly entry: number
}

function chooseVictim(
  databases: readonly Database[],
  policy: Exclude<Settings['maxMemoryPolicy'], 'noeviction'>,
  samples: number,
  random: () => number,
): Victim | undefined {
  const onlyVolatile = policy.startsWith('volatile')
  const count = (database: Database) => (onlyVolatile ? database.keyspace.volatileCount : database.keyspace.size)
  const candidates = databases.filter((database) => count(database) > 0)
  if (candidates.length === 0) return undefined
  const draws = policy.endsWith('random') ? 1 : samples
  let best: Victim | undefined
  let bestWorth = Number.POSITIVE_INFINITY
  for (let i = 0; i < draws; i++) {
    const database = candidates.length === 1 ? candidates[0]! : drawByCount(candidates, count, random)
    const { keyspace } = database
    const entry = onlyVolatile ? keyspace.sampleVolatile(random()) : keyspace.sample(random())
    const worth = worthOf(policy, database, entry)
    if (worth >= bestWorth) continue
    bestWorth = worth
    best = { database, entry }
  }
  return best
}

/** The least goes. */
function worthOf(policy: Settings['maxMemoryPolicy'], { keyspace, clock }: Database, entry: number): number {
  if (policy === 'volatile-ttl') return keyspace.expiryAt(entry)
  if (isFrequencyPolicy(policy)) return clock.frequency.countOf(keyspace.clockAt(entry))
  return -((clock.access - keyspace.clockAt(entry)) >>> 0)
}

function drawByCount(databases: readonly Database[], count: (database: Database) => number, random: () => number): Database {
  let left = random() * databases.reduce((sum, database) => sum + count(database), 0)
  for (const database of databases) {
    left -= count(database)
    if (left < 0) return database
  }
  return databases.at(-1)!
}
