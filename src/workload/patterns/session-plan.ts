import type { Stream } from '../../runtime/runtime.ts'

/** What an index does, to which session. */
export interface SessionStep {
  readonly kind: 'login' | 'read' | 'update' | 'logout' | 'return'
  readonly session: number
}

export interface SessionPlanOptions {
  /** Sessions that are alive at the same time; rounded up to a multiple of 16. */
  readonly active: number
  /** Shares of all operations, 0..1. */
  readonly login: number
  readonly update: number
  /** Share of sessions that end without a logout, 0..1. */
  readonly abandoned: number
}

export interface SessionPlan {
  step(index: number): SessionStep
  /** Sessions that have begun and not ended once the operations up to `index` are made, one a slot. */
  alive(index: number): readonly number[]
  readonly active: number
  readonly operationsPerSession: number
}

/** Neighbours that trade places from round to round. */
const GROUP = 16
/** Login, one operation at least, the end, and one who comes back. */
const SHORTEST_LIFE = 4

/**
 * Which session an operation acts on, as a pure function of (seed, index) that does not know how many instances
 * there are.
 *
 * `active` slots take turns; one after another, each holds sessions of equal length. A life: login, reads and
 * updates, the end (a logout; or nothing special, the user just leaves), and last somebody who comes back with the
 * cookie of the session before: logged out long ago, or abandoned for a whole life. Two operations on one session are
 * about `active` operations apart, so they overlap only when answers take that long. Slots trade places within
 * groups of 16 each round: without that a slot would stay with one instance whenever `active` is a multiple of their number.
 */
export function createSessionPlan(options: SessionPlanOptions, stream: (concern: string) => Stream): SessionPlan {
  const active = Math.max(1, Math.ceil(options.active / GROUP)) * GROUP
  const life = Math.max(SHORTEST_LIFE, Math.round(1 / options.login))
  const updates = stream('session updates')
  const ends = stream('session ends')
  const shifts = stream('session shifts')
  const starts = stream('session starts')
  // All operations have the share; of each life the login, the end and the return can't be updates.
  const updateShare = Math.min(1, (options.update * life) / (life - 3))

  /** At the start each slot is somewhere in its life, so that logins and logouts are spread evenly from the second life on. */
  const startOf = (slot: number) => Math.floor(starts.uniform(slot) * (life - 3))
  const sessionOf = (slot: number, ordinal: number) => ordinal * active + slot
  const logsOut = (session: number) => ends.uniform(session) >= options.abandoned

  return {
    active,
    operationsPerSession: life,
    step(index) {
      const round = Math.floor(index / active)
      const place = index % active
      const group = place - (place % GROUP)
      const slot = group + ((place - group + (shifts.uint32(round) % GROUP)) % GROUP)
      const turn = round + startOf(slot)
      const ordinal = Math.floor(turn / life)
      const at = turn % life
      const session = sessionOf(slot, ordinal)
      if (round === 0 || at === 0) return { kind: 'login', session }
      if (at === life - 1) return { kind: 'return', session: sessionOf(slot, Math.max(0, ordinal - 1)) }
      if (at === life - 2 && logsOut(session)) return { kind: 'logout', session }
      return { kind: updates.uniform(index) < updateShare ? 'update' : 'read', session }
    },
    alive(index) {
      // Rounds that are over for every slot.
      const rounds = Math.floor((index + 1) / active)
      if (rounds === 0) return []
      const sessions: number[] = []
      for (let slot = 0; slot < active; slot++) {
        const turn = rounds - 1 + startOf(slot)
        // The round under way may hold this slot's last steps or its next login already.
        if (turn % life < life - 3) sessions.push(sessionOf(slot, Math.floor(turn / life)))
      }
      return sessions
    },
  }
}
