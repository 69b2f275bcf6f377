import { randomBytes } from 'node:crypto'
import type { TargetDescription } from '../target/target.ts'

/**
 * A prefix that no other run has. Lower case only: a generated command may be written in lower case as a whole. In
 * cluster mode it holds a hash tag, so that all keys are in one slot.
 */
export function ownPrefix(description: Pick<TargetDescription, 'topology'>): string {
  const name = randomBytes(4).readUInt32BE().toString(36).padStart(7, '0')
  return description.topology.startsWith('cluster') ? `cacheproof:{${name}}:` : `cacheproof:${name}:`
}
