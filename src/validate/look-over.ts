import type { Client } from '../client/client.ts'
import { TargetError } from '../client/target-error.ts'
import type { Command } from '../protocol/command.ts'
import { MetaReply, ReplyError } from '../protocol/reply.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { preflightCommands } from '../targets/preflight/preflight.ts'
import type { Target } from '../targets/target.ts'
import { exchange } from './client-endpoint.ts'
import { clockSkewMicros } from './clock-skew.ts'
import type { Refusals } from './guarded-pair.ts'

/** What must be known of an endpoint before it is compared. */
export interface Findings {
  /** Undefined when the endpoint does not tell its time. */
  readonly skewMicros: number | undefined
  /** Memcached: it knows meta commands (1.6). */
  readonly meta: boolean
}

const META_COMMANDS = ['mg', 'ms', 'md', 'ma', 'me', 'mn']
const LIFETIME_SECONDS = '10'

/**
 * Finds out whether keys under the prefix may be stored and deleted, and asks for the time. Throws `TargetError` where
 * they can't be; `needs` names all the commands that would be sent.
 */
export async function lookOver(
  target: Target,
  client: Client,
  prefix: string,
  runtime: Runtime,
  refusals: Refusals,
  needs: readonly string[],
): Promise<Findings> {
  const key = `${prefix}preflight`
  const redis = target.family === 'redis'
  const store: readonly [string, ...string[]] = redis ? ['SET', key, '', 'EX', LIFETIME_SECONDS] : ['set', key, '0', LIFETIME_SECONDS, '']
  const remove: Command = redis ? ['DEL', key] : ['delete', key]
  const harmless: Command[] = redis
    ? [
        ['GET', key],
        [...store, 'XX'],
      ]
    : []
  await preflightCommands(target, client, { commands: [store], harmless, removal: [remove], needs, largestValueBytes: 0 })
  try {
    const skewMicros = await clockSkewMicros(client, target.family, runtime)
    return { skewMicros, meta: !redis && (await knowsMetaCommands(client, refusals)) }
  } catch (error) {
    throw new TargetError('TARGET_UNUSABLE', `the endpoint ended the connection while it was tried out: ${(error as Error).message}`)
  }
}

async function knowsMetaCommands(client: Client, refusals: Refusals): Promise<boolean> {
  const [pong] = await exchange(client, [['mn']])
  if (pong instanceof MetaReply) return true
  for (const name of META_COMMANDS) refusals.set(name, pong instanceof ReplyError ? pong.text : 'not known there')
  return false
}
