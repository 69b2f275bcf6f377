import type { CacheResult } from '../../client/cache/cache.ts'
import type { OperationResult } from '../pattern.ts'

/** How an operation ended whose outcome is that of one cache call. */
export function statusOf(result: CacheResult<unknown>): Pick<OperationResult, 'status'> & { readonly error: string } {
  return result.status === 'ok' ? { status: 'ok', error: '' } : { status: result.status, error: result.failure.code }
}
