import { randomBytes } from 'node:crypto'
import type { TargetDescription } from './target.ts'

/** Every key that any command of ours writes begins with this, so that one key pattern of an ACL, `~cacheproof:*`, lets all of them through. */
export const KEY_PREFIX = 'cacheproof:'

/**
 * What all keys of one run begin with. `id` tells runs on one endpoint apart: digits and lower-case letters only, since
 * a generated command may be written in lower case as a whole. Short, since Memcached's keys end at 250 bytes.
 */
export function prefixOf(id: string): string {
  return `${KEY_PREFIX}${id}:`
}

/** A prefix that no other run has. In cluster mode it holds a hash tag, so that all keys are in one slot. */
export function ownPrefix(description: Pick<TargetDescription, 'topology'>): string {
  const name = randomBytes(4).readUInt32BE().toString(36).padStart(7, '0')
  return prefixOf(description.topology.startsWith('cluster') ? `{${name}}` : name)
}
