import { createHash, createHmac } from 'node:crypto'
import type { AwsCredentials } from './aws-credentials.ts'

export interface IamTokenOptions {
  readonly credentials: AwsCredentials
  readonly region: string
  /** Name of the cache or replication group; not a DNS name. */
  readonly cache: string
  readonly user: string
  readonly serverless: boolean
  /** Milliseconds since the Unix epoch. */
  readonly atMillis: number
}

/** How long a token is good for new connections. */
export const TOKEN_LIFETIME_SECONDS = 900

/**
 * The password of an IAM-enabled user of ElastiCache: a presigned URL without its scheme, signed with Signature
 * Version 4 for the action `connect` on the cache.
 *
 * Sources: ElastiCache User Guide, "Authenticating with IAM"; IAM User Guide, "Create a signed AWS API request".
 */
export function iamToken(options: IamTokenOptions): string {
  const { credentials, region, user, serverless } = options
  const host = options.cache.toLowerCase()
  const time = new Date(options.atMillis).toISOString().replace(/[-:]|\.\d{3}/g, '')
  const day = time.slice(0, 8)
  const scope = `${day}/${region}/elasticache/aws4_request`
  const parameters: readonly (readonly [string, string])[] = [
    ['Action', 'connect'],
    ...(serverless ? ([['ResourceType', 'ServerlessCache']] as const) : []),
    ['User', user],
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${credentials.accessKeyId}/${scope}`],
    ['X-Amz-Date', time],
    ['X-Amz-Expires', String(TOKEN_LIFETIME_SECONDS)],
    ...(credentials.sessionToken === undefined ? [] : ([['X-Amz-Security-Token', credentials.sessionToken]] as const)),
    ['X-Amz-SignedHeaders', 'host'],
  ]
  // In the order above the names are sorted, as the canonical request wants them.
  const query = parameters.map(([name, value]) => `${name}=${encode(value)}`).join('&')
  const request = ['GET', '/', query, `host:${host}`, '', 'host', sha256('')].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(request)].join('\n')
  const key = [day, region, 'elasticache', 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${credentials.secretAccessKey}`,
  )
  return `${host}/?${query}&X-Amz-Signature=${createHmac('sha256', key).update(toSign).digest('hex')}`
}

/** RFC 3986: everything but letters, digits and -._~ */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
