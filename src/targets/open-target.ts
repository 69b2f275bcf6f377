import { UsageError } from '../runtime/usage-error.ts'
import { chooseClient } from './client-choice.ts'
import { openEngineTarget } from './engine-target.ts'
import { openLocalTarget } from './local-target.ts'
import { openMemcachedTarget } from './memcached-target.ts'
import { openRedisTarget } from './redis-target.ts'
import type { OpenTargetOptions, Target } from './target.ts'
import { parseTargetUrl } from './url/target-url.ts'

/**
 * Opens what a target URL names: starts what must be started, checks that the endpoint is reachable and is the
 * engine it claims to be, and describes it. Throws `UsageError` for a URL or client that makes no sense and
 * `TargetError` for a target that can't be reached or used.
 */
export async function openTarget(text: string, options: OpenTargetOptions): Promise<Target> {
  const url = parseTargetUrl(text)
  const choice = chooseClient(options.client, url)
  if (url.kind !== 'engine' && options.runtime.kind === 'virtual') {
    throw new UsageError(`${url.label} can't be used on virtual time`, 'Only engine: targets can.')
  }
  switch (url.kind) {
    case 'engine':
      return openEngineTarget(url, options)
    case 'local':
      return openLocalTarget(url, choice, options)
    case 'redis':
      return openRedisTarget(url, text, choice, options)
    case 'memcached':
      return openMemcachedTarget(url, text, choice, options)
  }
}
