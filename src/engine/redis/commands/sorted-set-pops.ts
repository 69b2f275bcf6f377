import type { Command, Word } from '../../../protocol/command.ts'
import type { Reply } from '../../../protocol/reply.ts'
import { NullArray } from '../../../protocol/reply.ts'
import { notNegative, ranged } from '../arguments.ts'
import type { CommandContext } from '../command-context.ts'
import { ONE_KEY } from '../command-facts.ts'
import type { CommandDefinition } from '../command-spec.ts'
import { SYNTAX_ERROR } from '../error-texts.ts'
import { countedKeys } from '../movable-keys.ts'
import { INT64_MAX } from '../numbers/integer.ts'
import { scoreReply } from '../score-reply.ts'
import type { SortedSet } from '../values/sorted-set.ts'
import { bytesOfLatin1, ownBytes, upperOf } from '../words.ts'

/** Taking out the lowest or highest (genericZpopCommand in t_zset.c). */

type End = 'min' | 'max'

function take(context: CommandContext, key: Word, set: SortedSet, end: End, count: number): [Uint8Array, Reply][] {
  context.db.beforeChange(key)
  const taken: [Uint8Array, Reply][] = []
  while (taken.length < count) {
    const node = end === 'min' ? set.order.first : set.order.last
    if (!node) break
    set.delete(node.member)
    taken.push([bytesOfLatin1(node.member), scoreReply(context, node.score)])
  }
  context.db.afterChange(key)
  context.dirty()
  return taken
}

function pop(end: End) {
  return (context: CommandContext, argv: Command): Reply => {
    if (argv.length > 3) return SYNTAX_ERROR
    const count = argv.length === 3 ? notNegative(argv[2]!) : 1
    const set = context.db.sortedSet(argv[1]!)
    if (!set || count === 0) return []
    const taken = take(context, argv[1]!, set, end, count)
    // Pairs are nested in RESP3, and there only when a count was given.
    return argv.length === 3 && context.session.protocol === 3 ? taken : taken.flat()
  }
}

function multiPop(context: CommandContext, argv: Command): Reply {
  const keyCount = ranged(argv[1]!, 1n, INT64_MAX, 'ERR numkeys should be greater than 0')
  const whereAt = 2 + keyCount
  if (whereAt >= argv.length) return SYNTAX_ERROR
  const where = upperOf(argv[whereAt]!)
  if (where !== 'MIN' && where !== 'MAX') return SYNTAX_ERROR
  let count: number | undefined
  for (let i = whereAt + 1; i < argv.length; i += 2) {
    if (count !== undefined || upperOf(argv[i]!) !== 'COUNT' || i + 1 >= argv.length) return SYNTAX_ERROR
    count = ranged(argv[i + 1]!, 1n, INT64_MAX, 'ERR count should be greater than 0')
  }
  for (const key of argv.slice(2, whereAt)) {
    const set = context.db.sortedSet(key)
    if (!set) continue
    const end = where === 'MIN' ? 'min' : 'max'
    const taken = take(context, key, set, end, count ?? 1)
    context.rewrite([end === 'min' ? 'ZPOPMIN' : 'ZPOPMAX', key, String(taken.length)])
    return [ownBytes(key), taken]
  }
  return NullArray.value
}

const POP = { arity: -2, flags: 'write fast', keys: ONE_KEY, categories: 'sortedset', since: '5.0.0' } as const

export const sortedSetPopCommands: readonly CommandDefinition[] = [
  { name: 'zpopmin', ...POP, run: pop('min') },
  { name: 'zpopmax', ...POP, run: pop('max') },
  { name: 'zmpop', arity: -4, flags: 'write movablekeys', findKeys: countedKeys(1), categories: 'sortedset', since: '7.0.0', run: multiPop },
]
