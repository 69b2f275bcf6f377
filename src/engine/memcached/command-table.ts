import type { Word } from '../../protocol/command.ts'
import type { CommandEntry } from './command-entry.ts'
import { CHANGE_COMMANDS } from './commands/change.ts'
import { META_CHANGE_COMMANDS } from './commands/meta-change.ts'
import { META_GET_COMMANDS } from './commands/meta-get.ts'
import { RETRIEVAL_COMMANDS } from './commands/retrieval.ts'
import { SERVER_COMMANDS } from './commands/server.ts'
import { STATS_COMMANDS } from './commands/stats.ts'
import { STORAGE_COMMANDS } from './commands/storage.ts'
import { isText } from './words.ts'

/** Every command the engine knows. */
export const MEMCACHED_COMMANDS: readonly CommandEntry[] = [
  ...RETRIEVAL_COMMANDS,
  ...STORAGE_COMMANDS,
  ...CHANGE_COMMANDS,
  ...META_GET_COMMANDS,
  ...META_CHANGE_COMMANDS,
  ...SERVER_COMMANDS,
  ...STATS_COMMANDS,
]

/** By first letter and length: names are found without making a string of them. */
const byShape = new Map<number, CommandEntry[]>()
for (const entry of MEMCACHED_COMMANDS) {
  const shape = shapeOf(entry.name)
  byShape.set(shape, [...(byShape.get(shape) ?? []), entry])
}

/** Exact, as memcached compares: `GET` is no command. */
export function findMemcachedCommand(name: Word): CommandEntry | undefined {
  const candidates = byShape.get(shapeOf(name))
  if (candidates === undefined) return undefined
  for (const entry of candidates) if (isText(name, entry.name)) return entry
  return undefined
}

function shapeOf(name: Word): number {
  if (name.length === 0) return 0
  return name.length * 256 + (typeof name === 'string' ? name.charCodeAt(0) : name[0]!)
}
