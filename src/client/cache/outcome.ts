import type { ReplyError } from '../../protocol/reply.ts'
import type { ServerRefusal } from './cache.ts'

/**
 * What an error answer says about whether the command was applied. Redis checks before it executes, so its errors
 * (READONLY, OOM, MOVED, LOADING, CLUSTERDOWN, NOREPLICAS, NOAUTH ...) mean that it was not; the same mapping as
 * Jepsen's Redis client. It stays open where work may have been done before the error: scripts and functions are
 * not rolled back, MIGRATE's I/O errors, and a SERVER_ERROR of memcached that is not about memory comes from its
 * depths or from a proxy's backend.
 */
export function refusalOf(error: ReplyError): ServerRefusal {
  return { status: isOpen(error) ? 'info' : 'fail', code: error.code, message: error.text }
}

function isOpen(error: ReplyError): boolean {
  switch (error.code) {
    case 'SERVER_ERROR':
      return !/out of memory|too large/.test(error.text)
    case 'IOERR':
      return true
    default:
      return / on @(?:user_script|user_function)|script: \w+/.test(error.text)
  }
}
