import type { Command } from '../../protocol/command.ts'
import type { RefusalKind } from './refusal-kind.ts'

/** A command that was tried, and refused. */
export interface Refusal {
  /** "GETEX", "gat": as it is sent, without its arguments. */
  readonly command: string
  /** The whole of it. */
  readonly sent: Command
  /** "client": the client's library has no such command, and nothing was sent. */
  readonly kind: RefusalKind | 'client'
  /** The server's error, or the client's. */
  readonly text: string
}

/** What an explanation rests on besides the refusal. */
export interface RefusalFacts {
  /** As whom we are logged in; Redis and Valkey only. */
  readonly user: string
  /** Names of all the commands that will be sent, also those that were not refused. */
  readonly needs: readonly string[]
  /** True when a key of ours was touched without complaint. */
  readonly keysAllowed: boolean
  /** What the endpoint says of itself (`TargetDescription.settings`). */
  readonly settings: Readonly<Record<string, string>>
  /** The target's URL can be changed, since we start its server. */
  readonly ours: boolean
  /** Of the largest value that will be stored. */
  readonly largestValueBytes: number
}

/** Why an endpoint can't be used: `what` it does, with the endpoint as its subject, and the setting that would mend it. */
export interface Explanation {
  readonly code: 'TARGET_AUTH' | 'TARGET_READONLY' | 'TARGET_UNUSABLE'
  readonly what: string
  readonly hint: string
}
