import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { TargetError } from '../../client/target-error.ts'

export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Of temporary credentials. */
  readonly sessionToken?: string
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * AWS credentials from where the AWS tools take them: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN,
 * else the profile AWS_PROFILE ("default") of the shared credentials file. Read anew for each token, because
 * temporary credentials change. Throws TARGET_AUTH when there are none.
 */
export function awsCredentials(env: Environment): AwsCredentials {
  const id = env['AWS_ACCESS_KEY_ID']
  const secret = env['AWS_SECRET_ACCESS_KEY']
  if (id && secret) return credentials(id, secret, env['AWS_SESSION_TOKEN'])
  const profile = env['AWS_PROFILE'] || 'default'
  const file = env['AWS_SHARED_CREDENTIALS_FILE'] || join(env['HOME'] ?? '', '.aws', 'credentials')
  const section = readProfile(file, profile)
  const fileId = section?.get('aws_access_key_id')
  const fileSecret = section?.get('aws_secret_access_key')
  if (fileId && fileSecret) return credentials(fileId, fileSecret, section?.get('aws_session_token'))
  throw new TargetError(
    'TARGET_AUTH',
    `IAM authentication needs AWS credentials; there are none in the environment and none for the profile "${profile}" in ${file}`,
    'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN), or AWS_PROFILE.',
  )
}

function credentials(accessKeyId: string, secretAccessKey: string, sessionToken: string | undefined): AwsCredentials {
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) }
}

/** The settings of one `[profile]` of an INI file; undefined without the file or the profile. */
function readProfile(file: string, profile: string): Map<string, string> | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  let settings: Map<string, string> | undefined
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[\s*(.*?)\s*\]\s*(?:[#;].*)?$/.exec(line)
    if (header !== null) {
      if (settings !== undefined) break
      if (header[1] === profile) settings = new Map()
      continue
    }
    const setting = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line)
    if (setting !== null) settings?.set(setting[1]!.toLowerCase(), setting[2]!)
  }
  return settings
}
