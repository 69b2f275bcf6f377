import fc from 'fast-check'
import { expect, it } from 'vitest'
import { keysOf } from '../../src/engine/redis/command-facts.ts'
import { CommandTable } from '../../src/engine/redis/command-table.ts'
import { findRedisProfile } from '../../src/engine/redis/profiles.ts'
import { ReplyError } from '../../src/protocol/reply.ts'
import { connectionFamily } from './connection.ts'
import { crossFamily } from './cross-family.ts'
import type { Family } from './family.ts'
import { isWithin, sequenceOf } from './family.ts'
import { lexicographicFamily } from './lexicographic.ts'
import { quoteCommand } from './redis-cli-text.ts'
import { transactionFamily } from './transactions.ts'

const table = new CommandTable(findRedisProfile('valkey', '9.1')!)
const families: readonly Family[] = [crossFamily, lexicographicFamily, transactionFamily, connectionFamily]

it('generates nothing that touches a key outside the prefix or reaches beyond what the family says', () => {
  for (const family of families) {
    const sequences = fc.sample(sequenceOf(family, { prefix: 'mine:', subject: { name: '', protocol: 2, execute: () => Promise.resolve([]) } }), {
      numRuns: 300,
      seed: 5,
    })
    for (const command of sequences.flat()) {
      const spec = table.resolve(command)
      if (spec instanceof ReplyError) continue
      expect([quoteCommand(command), keysOf(spec, command).filter((key) => !String(key).startsWith('mine:'))]).toEqual([quoteCommand(command), []])
      expect([spec.name, isWithin(spec.reach, family.reach)]).toEqual([spec.name, true])
    }
  }
})

it('quotes words as redis-cli reads them', () => {
  expect(quoteCommand(['SET', 'k', 'a b', '', '"', '\\', Uint8Array.from([0, 10, 255]), "it's"])).toBe(
    'SET k "a b" "" "\\"" "\\\\" "\\x00\\n\\xff" "it\'s"',
  )
})
