import type { Nanos } from '../../runtime/runtime.ts'
import { imaginedPast } from '../keys/by-last-use.ts'
import type { RowPlan } from './row-plan.ts'

/** An entry that the cache holds in the long run. */
export interface SettledEntry {
  readonly keyId: number
  /** It remembers that there is no such row. */
  readonly negative: boolean
  readonly ttlMillis: number
}

export interface SettledRules {
  readonly plan: RowPlan
  readonly keyCount: number
  readonly writeRatio: number
  /** What a write does to the entry. */
  readonly onWrite: 'invalidate' | 'overwrite' | 'none'
  /** Without one an entry stays until it is written or evicted. */
  readonly ttlNanos: Nanos | null
  /** Milliseconds that an entry lives which operation `index` stores. */
  readonly ttlMillis: (index: number) => number
  /** The same of "there is no such row"; undefined: it is not remembered. */
  readonly negativeTtlMillis: ((index: number) => number) | undefined
  /** Uniform draws by number, 0..1. */
  readonly draw: (index: number) => number
  /** Of the open loop; null: as fast as answers come, so that no time passes between operations worth counting. */
  readonly ratePerSecond: number | null
}

const NANOS_PER_MILLI = 1e6
/** Expired since ever: it was taken away. */
const GONE = Number.NEGATIVE_INFINITY

/**
 * What the cache holds when this load has gone on for long: the operations of the last two lifetimes are played through
 * in mind, and what would be left of them is stored. To store every key instead would overshoot: of a key that is asked
 * for seldom the entry has mostly expired. In order of last use, so that an eviction takes what nobody asked for.
 */
export function settledEntries(rules: SettledRules): SettledEntry[] {
  const { plan, keyCount, ratePerSecond, ttlNanos } = rules
  const gapNanos = ratePerSecond === null ? 0 : 1e9 / ratePerSecond
  const wanted = ttlNanos === null || gapNanos === 0 ? Number.POSITIVE_INFINITY : Math.ceil((2 * ttlNanos) / gapNanos)
  const { first, operations } = imaginedPast(keyCount, wanted)
  /** In order of last use, since what is used goes to the end. */
  const held = new Map<number, { expiresNanos: number; negative: boolean }>()
  const hold = (keyId: number, expiresNanos: number, negative: boolean) => {
    held.delete(keyId)
    held.set(keyId, { expiresNanos, negative })
  }
  for (let ago = operations; ago >= 1; ago--) {
    const index = first - ago
    const atNanos = -ago * gapNanos
    const keyId = plan.keyId(index)
    const stored = held.get(keyId)
    if (plan.isWrite(index)) {
      if (rules.onWrite === 'overwrite') hold(keyId, atNanos + rules.ttlMillis(index) * NANOS_PER_MILLI, false)
      else if (rules.onWrite === 'invalidate') hold(keyId, GONE, false)
    } else if (stored && stored.expiresNanos > (ttlNanos === null ? GONE : atNanos)) {
      hold(keyId, stored.expiresNanos, stored.negative)
    } else if (keyId < keyCount) {
      hold(keyId, atNanos + rules.ttlMillis(index) * NANOS_PER_MILLI, false)
    } else if (rules.negativeTtlMillis) {
      hold(keyId, atNanos + rules.negativeTtlMillis(index) * NANOS_PER_MILLI, true)
    }
  }
  const known = [...held].flatMap(([keyId, { expiresNanos, negative }]): SettledEntry[] => {
    if (expiresNanos === GONE) return []
    // Where no time passes, entries are of every age.
    const leftNanos = ttlNanos === null ? expiresNanos : gapNanos === 0 ? expiresNanos * rules.draw(first + keyId) : expiresNanos
    const ttlMillis = ttlNanos === null ? rules.ttlMillis(first) : Math.floor(leftNanos / NANOS_PER_MILLI)
    return ttlMillis >= 1 ? [{ keyId, negative, ttlMillis }] : []
  })
  return ttlNanos === null ? [...neverDrawn(rules, held, first), ...known] : known
}

/** Without a lifetime every key comes to be asked for some time. */
function neverDrawn(rules: SettledRules, drawn: ReadonlyMap<number, unknown>, first: number): SettledEntry[] {
  const { keyCount, onWrite, writeRatio } = rules
  // Its last operation was a read, or a write that took it away.
  const share = onWrite === 'invalidate' ? 1 - writeRatio : 1
  const entries: SettledEntry[] = []
  for (let keyId = 0; keyId < keyCount; keyId++) {
    if (drawn.has(keyId) || rules.draw(first + keyId) >= share) continue
    entries.push({ keyId, negative: false, ttlMillis: rules.ttlMillis(first) })
  }
  return entries
}
