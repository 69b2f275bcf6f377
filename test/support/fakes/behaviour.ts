import type { Nanos } from '../../../src/runtime/runtime.ts'
import type { Exchange } from './exchange.ts'

/**
 * One way in which a fake server is not as it should be: its time, what it refuses, what it answers instead. A member
 * is one small file in `behaviours/` that makes one from plain data, so that a fake in another process can be told the
 * same. They compose: each is asked in the order in which they were given.
 */
export interface Behaviour {
  /** When it begins to hold: with the server, or when it is added to one that runs. */
  begin?(host: FakeHost): void
  /** A connection was accepted, so many before it: how it ends at once, or undefined where it stays. */
  accept?(nth: number): 'end' | 'reset' | undefined
  /**
   * Before a command is carried out. Bytes are answered in its place and null is no answer at all: either way it is
   * not carried out, and no other behaviour is asked. Undefined: as if this one were not there.
   */
  instead?(exchange: Exchange): Buffer | null | undefined
  /** After that: what leaves, and when, may be changed. */
  shape?(exchange: Exchange): void
}

/** What a behaviour may do to the whole server. */
export interface FakeHost {
  now(): Nanos
  after(delayNanos: Nanos, fire: () => void): void
  /** Uniform in [0, 1), a pure function of the fake's seed, the concern and the index. */
  draw(concern: string, index: number): number
  /** Nothing leaves for that long; what comes is read and carried out. */
  holdAnswers(forNanos: Nanos): void
  /** Nothing is read for that long; connections are accepted by the system, as by a process that was stopped. */
  stopReading(forNanos: Nanos): void
  /** Every connection is cut and new ones are refused for that long. */
  refuseConnections(forNanos: Nanos): void
}
