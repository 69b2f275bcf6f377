import type { Command, Word } from '../../protocol/command.ts'

/** The key of a memcached command: its second word, but the third of gat and gats, whose second is a time. Undefined for one without. */
export function memcachedKeyOf(command: Command): Word | undefined {
  const name = command[0]
  const text = typeof name === 'string' ? name : name === undefined ? '' : Buffer.from(name.buffer, name.byteOffset, name.length).toString('latin1')
  if (KEYLESS.has(text)) return undefined
  return text === 'gat' || text === 'gats' ? command[2] : command[1]
}

const KEYLESS: ReadonlySet<string> = new Set(['stats', 'version', 'flush_all', 'verbosity', 'mn', 'config', 'cache_memlimit', 'slabs', 'lru'])
