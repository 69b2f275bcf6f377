import type { BinaryAnswer, BinaryDeed, BinaryRequest } from '../../../test/support/binary-memcached.ts'
import type { BehaviourSpec } from '../../../test/support/fakes/behaviour-registry.ts'

/**
 * One way in which a server is hostile. What it does in each of the protocols in which it can be done: `after` is 0 where it
 * does so from its first command on, else it begins behind so many, in the middle of what is measured.
 */
export interface HostileKind {
  readonly name: string
  /** In half a sentence whose subject is the server. */
  readonly does: string
  readonly redis?: (after: number) => readonly BehaviourSpec[]
  readonly memcached?: (after: number) => readonly BehaviourSpec[]
  readonly binary?: (after: number) => BinaryHostility
  /** What one of the first lines that are printed must say; undefined where all may go as if nothing were wrong. */
  readonly says: RegExp | undefined
  /** It is waited for as long as anything is: no part of a quick look. */
  readonly isPatience?: true
}

export type HostileCommand = 'run' | 'validate' | 'profile'

/** Of a Memcached that speaks the binary protocol, for memjs: as `startBinaryMemcached` takes it. */
export interface BinaryHostility {
  answer?(request: BinaryRequest): readonly (BinaryAnswer | BinaryDeed)[] | undefined
  /** How a connection ends at once. */
  accept?(connection: number): 'end' | 'reset' | undefined
}
