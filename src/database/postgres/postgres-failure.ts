import type { Failure, FailureCode } from '../../client/client.ts'

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
  ETIMEDOUT: 'closed',
}

/** The server takes no session now: it is starting up, shutting down, or has no place left. */
const NO_SESSION = new Set(['57P03', '53300'])

/**
 * What an error of the client library means for a call. `fail` = definitely not applied; `info` = it may have been.
 * A read that lost its connection is `info` too: its answer is unknown, as everywhere in the history.
 */
export function failureOf(error: unknown, progress: Progress): Failure {
  const { code, severity, message } = parts(error)
  const unfinished = progress === 'committing' ? 'info' : 'fail'
  if (severity !== undefined) {
    const said = `${code} ${message}`.trim()
    // An error of the statement rolls the transaction back; a fatal one ends the session, maybe after the commit.
    if (!isFatal(severity)) return { status: 'fail', code: 'client', message: said }
    if (NO_SESSION.has(code) && progress === 'nothing sent') return { status: 'fail', code: 'refused', message: said }
    return { status: unfinished, code: 'closed', message: said }
  }
  const network = NETWORK_CODES[code]
  if (network === undefined) return { status: unfinished, code: 'client', message }
  // While the connection was being made, a reset means the same as a refusal.
  if (progress === 'nothing sent') return { status: 'fail', code: network === 'closed' ? 'refused' : network, message }
  return { status: unfinished, code: network, message }
}

/** Whether the connection may be gone: everything but an error that the server answered and lived on. */
export function isConnectionLost(error: unknown): boolean {
  const { severity } = parts(error)
  return severity === undefined || isFatal(severity)
}

function isFatal(severity: string): boolean {
  return severity === 'FATAL' || severity === 'PANIC'
}

/** Only errors of the server have a severity: in English as `severity`, in its own language as `severity_local`. */
function parts(error: unknown): { readonly code: string; readonly severity: string | undefined; readonly message: string } {
  const given = error as { code?: unknown; severity?: unknown } | null
  const severity = typeof given?.severity === 'string' ? given.severity : undefined
  return { code: String(given?.code ?? ''), severity, message: error instanceof Error ? error.message : String(error) }
}
