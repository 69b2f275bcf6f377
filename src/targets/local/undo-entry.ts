import type { NameRange } from '../name-range.ts'

/**
 * What is to be put back if this process dies without doing it itself. Entries go to the reaper (reaper.ts) over a
 * pipe, one JSON line each; nothing of them ever stands on a command line.
 */
export type UndoEntry =
  /** SIGKILL, if the process of this pid is still the one that started at `start` (process-identity.ts). */
  | { readonly kind: 'kill'; readonly pid: number; readonly start: string }
  /**
   * Removes the folder and what is in it, and kills processes that stand in it (Linux: by their working directory),
   * which covers the instant between a server's spawn and the registration of its pid. Only folders that
   * `createScratchFolder` (scratch-folder.ts) could have made.
   */
  | { readonly kind: 'folder'; readonly path: string }
  /** Runs a program, without a shell, for at most 10 s. */
  | { readonly kind: 'run'; readonly argv: readonly string[] }
  /**
   * Deletes the keys with this prefix at a Redis or Valkey endpoint, for at most 20 s; those of these names where keys may
   * not be listed. After all other entries.
   */
  | { readonly kind: 'sweep'; readonly endpoint: SweepEndpoint; readonly prefix: string; readonly names: readonly NameRange[] }
  /** Drops a table of ours at a PostgreSQL server. After all other entries. */
  | { readonly kind: 'drop'; readonly server: DropServer; readonly table: string }
  /** Deletes the keys of these names at Memcached nodes, for at most 20 s. After all other entries. */
  | { readonly kind: 'names'; readonly nodes: readonly { readonly host: string; readonly port: number }[]; readonly names: readonly NameRange[] }

/** As the client library takes it. Holds secrets: only ever in memory and in the pipe. */
export interface DropServer {
  readonly host: string
  readonly port: number
  readonly username?: string
  readonly password?: string
  readonly database?: string
  readonly ssl: false | 'prefer' | 'require' | 'verify-full'
}

/** Where and as whom to sweep. Holds secrets: only ever in memory and in the pipe. */
export interface SweepEndpoint {
  readonly host: string
  readonly port: number
  readonly username?: string
  readonly password?: string
  readonly database?: number
  readonly tls?: {
    readonly ca?: string
    readonly cert?: string
    readonly key?: string
    readonly servername?: string
    readonly rejectUnauthorized?: boolean
  }
}

export type ReaperMessage = { readonly add: number; readonly entry: UndoEntry } | { readonly remove: number }
