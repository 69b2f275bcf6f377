import type { Login } from '../../client/login.ts'
import { SECOND, type WallClock } from '../../runtime/runtime.ts'
import { UsageError } from '../../runtime/usage-error.ts'
import type { RedisTargetUrl } from '../url/target-url.ts'
import { awsCredentials } from './aws-credentials.ts'
import { iamToken } from './iam-token.ts'

/** The user that the endpoint's ACL knows us as. */
export function userOf(url: RedisTargetUrl, env: Environment): string {
  if (url.iam !== undefined) return url.iam.user
  const password = url.password ?? env['CACHEPROOF_PASSWORD']
  return (password ? (url.username ?? env['CACHEPROOF_USERNAME']) : undefined) || 'default'
}

type Environment = Readonly<Record<string, string | undefined>>

/** A token is good for 15 minutes, and a connection for 12 h after it said AUTH: one renewal serves both. */
const IAM_RENEW_NANOS = 600 * SECOND

/**
 * The login that a URL and the environment give: IAM when the URL asks for it, else the URL's user and password,
 * else CACHEPROOF_USERNAME and CACHEPROOF_PASSWORD.
 */
export function loginOf(url: RedisTargetUrl, env: Environment, wall: WallClock): Login {
  const { iam } = url
  if (iam === undefined) {
    const username = url.username ?? env['CACHEPROOF_USERNAME']
    const password = url.password ?? env['CACHEPROOF_PASSWORD']
    const words = { ...(username && password ? { username } : {}), ...(password ? { password } : {}) }
    return { words: () => words }
  }
  const region = iam.region ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION']
  if (!region) throw new UsageError(`"${url.shown}": auth=iam needs region=NAME, or AWS_REGION in the environment`)
  return {
    words: () => {
      const { cache, user, serverless } = iam
      const atMillis = Math.floor(wall.nowMicros() / 1000)
      return { username: user, password: iamToken({ credentials: awsCredentials(env), region, cache, user, serverless, atMillis }) }
    },
    renewNanos: IAM_RENEW_NANOS,
  }
}
