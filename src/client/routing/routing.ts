import type { Command } from '../../protocol/command.ts'
import type { ReplyError } from '../../protocol/reply.ts'

/**
 * Which node a command goes to, and what an answer says about that. The seam on which single nodes, a ring of
 * memcached nodes, clusters and sentinels stand behind one client. Synchronous: a routing that must ask somebody
 * (a sentinel, CLUSTER SLOTS) does it outside and changes `nodes`.
 *
 * `single-node-routing.ts`, `ring-routing.ts`.
 */
export interface Routing {
  /** For the report, in words: how keys find their node. */
  readonly description: string
  /** A node's number is its index. Nodes may be appended while a client runs, never moved or removed. */
  readonly nodes: readonly NodeAddress[]
  /** The number of the node for this command; called for every command. */
  nodeOf(command: Command): number
  /**
   * What an error answer says about routing: where to send the command again, which by that very answer was not
   * applied; undefined when it is an answer like any other. A routing without this method never has commands
   * copied for resending.
   */
  redirect?(error: ReplyError): Redirect | undefined
}

export interface NodeAddress {
  readonly host: string
  readonly port: number
}

export interface Redirect {
  readonly node: number
  /** Sent on the same connection right before the command: `ASKING`. */
  readonly prelude?: Command
}
