import type { Nanos } from '../runtime/runtime.ts'

/** As whom a connection logs in. Neither: as the default user without a password. */
export interface LoginWords {
  readonly username?: string
  readonly password?: string
}

/** Who we are to an endpoint. */
export interface Login {
  /** Asked for each new connection, since an IAM token is good for 15 minutes only. May throw `TargetError`. */
  words(): LoginWords
  /** After how long the words are to be said again on live connections, and are stale for new ones; undefined when never. */
  readonly renewNanos?: Nanos
}
