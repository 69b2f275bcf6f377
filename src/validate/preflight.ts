import type { Command } from '../protocol/command.ts'
import { MetaReply, ReplyError } from '../protocol/reply.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { Client } from '../target/client.ts'
import { TargetError } from '../target/target.ts'
import { exchange } from './client-endpoint.ts'
import { clockSkewMicros } from './clock-skew.ts'
import type { Refusals } from './guarded-pair.ts'

/** What must be known of an endpoint before anything is written to it. */
export interface Preflight {
  /** Undefined when the endpoint does not tell its time. */
  readonly skewMicros: number | undefined
  /** Memcached: it knows meta commands (1.6). */
  readonly meta: boolean
}

const META_COMMANDS = ['mg', 'ms', 'md', 'ma', 'me', 'mn']

/**
 * Asks for the time, and whether keys under the prefix may be deleted: where they can't be, nothing is to be written.
 * Throws `TargetError` then.
 */
export async function preflight(
  client: Client,
  family: 'redis' | 'memcached',
  prefix: string,
  runtime: Runtime,
  refusals: Refusals,
): Promise<Preflight> {
  const remove: Command = family === 'redis' ? ['DEL', `${prefix}preflight`] : ['delete', `${prefix}preflight`]
  let answer: unknown
  let skewMicros: number | undefined
  let meta = false
  try {
    ;[answer] = await exchange(client, [remove])
    skewMicros = await clockSkewMicros(client, family, runtime)
    if (family === 'memcached') {
      const [pong] = await exchange(client, [['mn']])
      meta = pong instanceof MetaReply
      if (!meta) for (const name of META_COMMANDS) refusals.set(name, pong instanceof ReplyError ? pong.text : 'not known there')
    }
  } catch (error) {
    throw new TargetError('TARGET_UNUSABLE', `the endpoint ended the connection while it was tried out: ${(error as Error).message}`)
  }
  if (answer instanceof ReplyError) {
    throw new TargetError(
      'TARGET_UNUSABLE',
      `the endpoint refuses to delete keys under "${prefix}", so nothing is written there: ${answer.text}`,
      family === 'redis' ? 'the user needs at least DEL on keys that begin with cacheproof: (ACL: ~cacheproof:* +del)' : '',
    )
  }
  return { skewMicros, meta }
}
