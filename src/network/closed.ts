/** Why a connection is over. */
export type Closed =
  /** Both sides have ended it, and all that was written has arrived; `by` is the one that ended first. */
  | { readonly why: 'ended'; readonly by: 'peer' | 'us' }
  /** We destroyed it. */
  | { readonly why: 'destroyed' }
  | NetworkFailure

/** Something in the world went wrong. */
export interface NetworkFailure {
  readonly why: FailureKind
  /** The system's code, such as ECONNRESET, or that of the TLS library: finer than `why`. */
  readonly code: string
  /** What the system says. */
  readonly message: string
}

export type FailureKind =
  /** The peer's system knows of no such connection any more: its process is dead, or destroyed it. */
  | 'reset'
  /** Nobody listens there. */
  | 'refused'
  /** The peer's host was silent until the system gave up: minutes. */
  | 'timed-out'
  /** No way leads to that host. */
  | 'unreachable'
  | 'name-not-found'
  /** Hands could not be shaken, or a certificate was not to be trusted: see `code`. */
  | 'tls'
  /** Of `listen`: somebody else listens there. */
  | 'address-in-use'
  | 'other'

const KINDS: { readonly [code: string]: FailureKind } = {
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  ECONNREFUSED: 'refused',
  ENOENT: 'refused',
  ETIMEDOUT: 'timed-out',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  ENOTFOUND: 'name-not-found',
  EAI_AGAIN: 'name-not-found',
  EAI_NODATA: 'name-not-found',
  EAI_NONAME: 'name-not-found',
  EADDRINUSE: 'address-in-use',
  EPROTO: 'tls',
}

/** Codes of OpenSSL's and Node's checks of certificates. */
const TLS_CODE = /^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|CRL_|INVALID_|HOSTNAME_MISMATCH)/

/** The failure with a system's code. Where several addresses were tried, the first one's code counts. */
export function failureOf(error: Error & { readonly code?: unknown; readonly errors?: readonly Error[] }): NetworkFailure {
  const first = error.errors?.[0] as (Error & { readonly code?: unknown }) | undefined
  const code = String(error.code ?? first?.code ?? '')
  const message = error.message || first?.message || code || error.name
  return { why: KINDS[code] ?? (TLS_CODE.test(code) ? 'tls' : 'other'), code, message }
}

/** As the system would say it of one of its calls. */
export function systemFailure(why: FailureKind, code: string, call: string, where = ''): NetworkFailure {
  return { why, code, message: `${call} ${code}${where && ` ${where}`}` }
}
