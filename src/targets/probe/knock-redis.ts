import { TargetError } from '../../client/target-error.ts'
import { explainRedisState, lackingPermission } from '../preflight/explain-redis-refusal.ts'
import { refusalKind } from '../preflight/refusal-kind.ts'
import { explainFailure, type NamedEndpoint } from './explain-failure.ts'
import { ProbeReplyError, RespProbe, type RespProbeEndpoint } from './resp-probe.ts'
import { ProbeError } from './socket-probe.ts'

export type RedisEndpoint = NamedEndpoint & RespProbeEndpoint

const LOADING_POLL_MILLIS = 200

export interface Patience {
  /** For the connection and for each answer. */
  readonly exchangeMillis: number
  /** For a server that is still reading its data from disk. */
  readonly loadingMillis: number
}

export const PATIENCE: Patience = { exchangeMillis: 5_000, loadingMillis: 60_000 }

/**
 * Connects, logs in and waits until the server serves. Throws a `TargetError` that says what is wrong and what to try;
 * `needs` names the commands that will be sent, for what it says of missing permissions.
 */
export async function knockRedis(endpoint: RedisEndpoint, patience: Patience = PATIENCE, needs: readonly string[] = []): Promise<RespProbe> {
  let probe: RespProbe | undefined
  try {
    probe = await RespProbe.open(endpoint, patience.exchangeMillis)
    await enter(probe, endpoint, patience, needs)
    return probe
  } catch (error) {
    probe?.close()
    throw error instanceof ProbeError ? await explainFailure(endpoint, error) : error
  }
}

async function enter(probe: RespProbe, endpoint: RedisEndpoint, patience: Patience, needs: readonly string[]): Promise<void> {
  const { label } = endpoint
  const refused = await probe.login(endpoint)
  if (refused?.text.startsWith('NOPERM')) throw mayNotSelect(endpoint, refused.text, needs)
  if (refused !== undefined) throw refusal(label, refused.text)
  const until = Date.now() + patience.loadingMillis
  for (;;) {
    const reply = await probe.call('PING')
    if (!(reply instanceof ProbeReplyError)) return
    // A user that may not even PING may still be allowed what the run needs.
    if (reply.text.startsWith('NOPERM')) return
    if (!/^(?:LOADING|BUSY)/.test(reply.text)) throw refusal(label, reply.text)
    if (Date.now() > until) {
      const what = reply.text.startsWith('LOADING') ? 'is still loading its data' : 'is busy running a script'
      throw new TargetError('TARGET_UNUSABLE', `${label}: ${what} after ${patience.loadingMillis / 1000} s`, 'Wait until it is done.')
    }
    await new Promise((resolve) => setTimeout(resolve, LOADING_POLL_MILLIS))
  }
}

/** AUTH is everybody's; what a login may lack is the permission to choose its database. */
function mayNotSelect({ label, username }: RedisEndpoint, text: string, needs: readonly string[]): TargetError {
  const facts = { user: username ?? 'default', needs: ['SELECT', ...needs], keysAllowed: needs.length === 0 }
  const { code, what, hint } = lackingPermission([{ command: 'SELECT', sent: ['SELECT'], kind: 'command', text }], facts)
  return new TargetError(code, `${label}: ${what}`, hint)
}

/** What a server's refusal means. Its own text is not repeated where it might hold what we sent. */
function refusal(label: string, text: string): TargetError {
  const code = text.split(' ', 1)[0]
  if (refusalKind(text) === 'state') {
    const { code, what, hint } = explainRedisState(text, 'everything')
    return new TargetError(code, `${label}: ${what}`, hint)
  }
  if (code === 'WRONGPASS' || /invalid password/.test(text)) {
    return new TargetError(
      'TARGET_AUTH',
      `${label}: the server refuses this user name or password`,
      'Check both; special characters in a URL must be percent-encoded.',
    )
  }
  if (/without any password configured/.test(text)) {
    return new TargetError('TARGET_AUTH', `${label}: the server has no password for the default user`, 'Leave the password out, or name a user.')
  }
  if (code === 'DENIED')
    return new TargetError(
      'TARGET_AUTH',
      `${label}: the server is in protected mode and refuses connections from other hosts`,
      'Set a password or protected-mode no.',
    )
  if (/max number of clients/.test(text))
    return new TargetError('TARGET_UNUSABLE', `${label}: the server has no connection left`, 'Raise maxclients or close others.')
  if (/DB index is out of range/.test(text))
    return new TargetError('TARGET_UNUSABLE', `${label}: the server has no such database`, 'Check the number after the host.')
  if (/SELECT is not allowed in cluster mode/.test(text))
    return new TargetError('TARGET_UNUSABLE', `${label}: a cluster has database 0 only`, 'Leave the number out.')
  return new TargetError('TARGET_UNUSABLE', `${label}: ${text}`, '')
}
