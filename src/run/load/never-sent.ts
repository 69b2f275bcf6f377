import type { FailureCode } from '../../client/client.ts'
import type { Status } from '../../measure/history.ts'

const NEVER_SENT: ReadonlySet<string> = new Set<FailureCode>(['refused', 'not-sent', 'client'])

/** Whether an operation failed before anything was sent. It took no time then: a closed loop that went on at once would count its own speed. */
export function neverSent(status: Status, errorCode: string): boolean {
  return status === 'fail' && NEVER_SENT.has(errorCode)
}
