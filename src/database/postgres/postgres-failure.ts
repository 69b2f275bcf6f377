import type { Failure, FailureCode } from '../../target/client.ts'

/** Where a call stood when it went wrong: before COMMIT was sent nothing can have been applied. */
export type Progress = 'nothing sent' | 'uncommitted' | 'committing'

const NETWORK_CODES: Readonly<Record<string, FailureCode>> = {
  ECONNREFUSED: 'refused',
  ENOENT: 'refused',
  ENOTFOUND: 'refused',
  EAI_AGAIN: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  CONNECT_TIMEOUT: 'refused',
  CONNECTION_ENDED: 'not-sent',
  CONNECTION_DESTROYED: 'closed',
  CONNECTION_CLOSED: 'closed',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
}

/** The server says so when it shuts down or ends the session; a commit under way may still have been applied. */
const SESSION_ENDED = /^(57P0[1-5]|08...)$/

/** No connection could be made at all: nothing of a call can have been applied. */
const NEVER_CONNECTED: readonly FailureCode[] = ['refused', 'not-sent']

/**
 * What an error of the client library means for a call. `fail` = definitely not applied; `info` = it may have been.
 * A read that lost its connection is `info` too: its answer is unknown, as everywhere in the history.
 */
export function failureOf(error: unknown, progress: Progress): Failure {
  const code = String((error as { code?: unknown } | null)?.code ?? '')
  const message = error instanceof Error ? error.message : String(error)
  const network = NETWORK_CODES[code]
  if (network !== undefined) {
    const status = NEVER_CONNECTED.includes(network) || progress === 'uncommitted' ? 'fail' : 'info'
    return { status, code: network, message }
  }
  // Five characters: the server answered with an error, which rolls the transaction back.
  if (/^[0-9A-Z]{5}$/.test(code)) {
    if (!SESSION_ENDED.test(code)) return { status: 'fail', code: 'client', message: `${code} ${message}` }
    // 57P03: the server is starting up or shutting down and took no session at all.
    if (code === '57P03') return { status: 'fail', code: 'refused', message }
    return { status: progress === 'committing' ? 'info' : 'fail', code: 'closed', message }
  }
  return { status: progress === 'committing' ? 'info' : 'fail', code: 'client', message }
}
