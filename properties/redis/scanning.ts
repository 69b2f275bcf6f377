import fc from 'fast-check'
import type { Word } from '../../src/protocol/command.ts'
import type { Family } from './family.ts'
import { someOf, words } from './family.ts'

const pattern = fc
  .array(fc.constantFrom('a', 'b', '*', '?', '[a-c]', '[^a]', '[', ']', '\\a', '\\', '[b', '-', '[c-a]', '[\\]a]', 'cd'), { maxLength: 4 })
  .map((parts) => parts.join(''))

/** Walks over all keys of a server, other people's too: hence its reach. Only keys under the prefix are asked for. */
export const scanningFamily: Family = {
  id: 'scanning',
  sentence: 'SCAN and KEYS find the keys that match a pattern or a type, as the reference engine does.',
  reach: 'server',
  commands: ({ key, prefix, one }) => {
    const escaped = prefix.replace(/[\\*?[\]]/g, '\\$&')
    const ours = pattern.map((text) => escaped + text)
    const match = ours.map((text): readonly Word[] => ['MATCH', text])
    const type = fc.constantFrom('string', 'hash', 'zset', 'ZSET', 'list', 'nosuch').map((name): readonly Word[] => ['TYPE', name])
    return [
      one(3, 'SET', key, 'x'),
      one(2, 'HSET', key, 'f', 'x'),
      one(2, 'ZADD', key, '0', 'm'),
      one(1, 'PEXPIREAT', key, fc.constantFrom('1', '4102444800000')),
      one(3, 'DEL', key),
      one(6, 'KEYS', ours),
      one(4, 'SCAN', '0', 'MATCH', `${escaped}*`, 'COUNT', '100000', type),
      one(4, 'SCAN', '0', 'COUNT', '100000', match),
      one(2, 'SCAN', fc.constantFrom('0', 'x', '99999999999999999999'), match, someOf(type, words('COUNT', '0'), words('NOVALUES'))),
    ]
  },
}
