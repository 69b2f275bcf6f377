import type { Client, ClientOptions } from '../client/client.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { NameRange } from './name-range.ts'

/**
 * Where a run can be aimed. `openTarget(url)` (open-target.ts) finds the kind by the URL's scheme; one file a
 * kind. Opening starts what must be started (`local:`), checks that the endpoint is reachable and is the engine
 * it claims to be, and describes it.
 */
export interface Target {
  readonly description: TargetDescription
  /** "redis" speaks RESP, "memcached" the memcached protocols. */
  readonly family: 'redis' | 'memcached'
  connect(options: ClientOptions): Promise<Client>
  /** Our own client, whichever is under test: for what asks the server itself. Present where `control` is. */
  connectOwn?(options: ClientOptions): Promise<Client>
  /** Under which other processes of ours reach it; may hold credentials, so it is never shown. Absent where they can't. */
  readonly connectUrl?: string
  /** As whom we are logged in, "default" without a name. Redis and Valkey of others only. */
  readonly user?: string
  /**
   * Present on endpoints that are not ours: from now on the keys with this prefix are removed even if we die. The
   * returned function removes them now (idempotent); it never touches another key. `names`: what these keys may be called,
   * for an endpoint that lets nobody list its keys.
   */
  claimPrefix?(prefix: string, names?: readonly NameRange[]): () => Promise<void>
  /** The same where there are no prefixes: Memcached's keys go by their names. */
  claimNames?(names: readonly NameRange[]): () => Promise<void>
  /** Client options that matter for reading the results, for the report. */
  readonly clientSettings?: Readonly<Record<string, string>>
  /** Present on what we started or hold in-process: what faults act on. */
  readonly control?: TargetControl
  /** Ends and removes what was started. Idempotent. */
  close(): Promise<void>
}

/** A server of ours that can be killed and brought back. All idempotent. */
export interface TargetControl {
  /** As `kill -9`. Resolves (or calls back, on virtual time at once) when the process is gone. */
  kill(done: (error?: Error) => void): void
  /** Starts it again on the same address with what persistence kept. Calls back when it answers. */
  start(done: (error?: Error) => void): void
  /** Process id of a local server; undefined for an embedded engine. */
  pid(): number | undefined
}

export interface TargetDescription {
  /** As given, without user info and secrets. */
  readonly url: string
  /** Short and stable, for tables: "local:redis", "engine:valkey", "redis://host:6379". */
  readonly label: string
  readonly engine: 'redis' | 'valkey' | 'memcached' | 'unknown'
  readonly version: string
  readonly topology: string
  /** True when cacheproof started it: faults and server-reach commands are allowed. */
  readonly ours: boolean
  readonly tls: boolean
  /** "observed" = a real server; "modelled" = the embedded engine behind a network model. */
  readonly evidence: 'observed' | 'modelled'
  /** Settings that matter for reading the results (maxmemory, policy, persistence, io-threads, -m, -t ...). */
  readonly settings: Readonly<Record<string, string>>
  /** Network model of an embedded engine, in words. */
  readonly networkModel?: string
  /** Median round trip of an idle PING/version, when it was measured. */
  readonly roundTripNanos?: number
}

export interface OpenTargetOptions {
  readonly runtime: Runtime
  /** "wire" (default), "ioredis", "ioredis:defaults", "memjs", "memjs:defaults". */
  readonly client: string
  /** Environment for credentials; handed in, never read from `process`. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Names of the commands that will be sent: should already the login be refused for want of permission, the error names them all. */
  readonly needs?: readonly string[]
  /** False: the endpoint was checked and described by another process of ours, so neither is done again. */
  readonly describe?: boolean
  /** Network model for `engine:` targets: one-way delays. */
  readonly network?: { readonly medianNanos: number; readonly p99Nanos: number }
}
