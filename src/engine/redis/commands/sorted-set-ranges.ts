import type { Command } from '../../../protocol/command.ts'
import type { Reply } from '../../../protocol/reply.ts'
import { ReplyError } from '../../../protocol/reply.ts'
import { clampedInteger } from '../arguments.ts'
import type { CommandContext } from '../command-context.ts'
import { ONE_KEY, TWO_KEYS } from '../command-facts.ts'
import type { CommandDefinition } from '../command-spec.ts'
import { SYNTAX_ERROR } from '../error-texts.ts'
import { lexRange, scoreRange } from '../range-ends.ts'
import { scoreReply } from '../score-reply.ts'
import type { RankNode } from '../values/rank-list.ts'
import type { RankSpan } from '../values/sorted-set.ts'
import { SortedSet, spanOfLex, spanOfScores } from '../values/sorted-set.ts'
import { bytesOfLatin1, upperOf } from '../words.ts'

/** Ranges of sorted sets (zrangeGenericCommand in t_zset.c and those it replaced). */

type RangeKind = 'auto' | 'rank' | 'score' | 'lex'

interface RangeQuery {
  readonly reverse: boolean
  readonly withScores: boolean
  readonly offset: number
  /** Negative = no limit. */
  readonly limit: number
  /** Resolves the ends against a set: first and last rank, in ascending order. */
  span(set: SortedSet): RankSpan | undefined
}

/** Everything about the words is checked here, before any key is looked at. `from` is where the key stands. Throws. */
function parse(argv: Command, from: number, fixedKind: RangeKind, fixedDirection: 'auto' | 'forward' | 'reverse', storing: boolean): RangeQuery {
  let kind = fixedKind
  let reverse = fixedDirection === 'reverse'
  let withScores = false
  let offset = 0
  let limit = -1
  for (let i = from + 3; i < argv.length; i++) {
    const option = upperOf(argv[i]!)
    if (!storing && option === 'WITHSCORES') withScores = true
    else if (option === 'LIMIT' && argv.length - i > 2) {
      offset = clampedInteger(argv[i + 1]!)
      limit = clampedInteger(argv[i + 2]!)
      i += 2
    } else if (fixedDirection === 'auto' && !reverse && option === 'REV') reverse = true
    else if (kind === 'auto' && option === 'BYLEX') kind = 'lex'
    else if (kind === 'auto' && option === 'BYSCORE') kind = 'score'
    else throw SYNTAX_ERROR
  }
  if (kind === 'auto') kind = 'rank'
  if (limit !== -1 && kind === 'rank') throw new ReplyError('ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX')
  if (withScores && kind === 'lex') throw new ReplyError('ERR syntax error, WITHSCORES not supported in combination with BYLEX')
  const query = { reverse, withScores, offset: kind === 'rank' ? 0 : offset, limit: kind === 'rank' ? -1 : limit }
  const low = argv[from + (reverse && kind !== 'rank' ? 2 : 1)]!
  const high = argv[from + (reverse && kind !== 'rank' ? 1 : 2)]!
  if (kind === 'rank') {
    const start = clampedInteger(low)
    const end = clampedInteger(high)
    return { ...query, span: (set) => spanOfRanks(set, start, end, reverse) }
  }
  if (kind === 'score') {
    const range = scoreRange(low, high)
    return { ...query, span: (set) => spanOfScores(set, range) }
  }
  const range = lexRange(low, high)
  return { ...query, span: (set) => spanOfLex(set, range, reverse) }
}

function spanOfRanks(set: SortedSet, from: number, to: number, reverse: boolean): RankSpan | undefined {
  const size = set.size
  const start = from < 0 ? Math.max(0, size + from) : from
  const end = Math.min(size - 1, to < 0 ? size + to : to)
  if (start > end || start >= size) return undefined
  return reverse ? { first: size - 1 - end, last: size - 1 - start } : { first: start, last: end }
}

function visit(context: CommandContext, set: SortedSet, query: RangeQuery, each: (node: RankNode) => void): void {
  const span = query.span(set)
  if (!span) return
  let { offset } = query
  if (offset < 0) {
    if (set.encoding === 'listpack' || context.profile.negativeOffsets === 'nothing') return
    offset += span.last - span.first + 1
    if (offset < 0) return
  }
  const available = span.last - span.first + 1 - offset
  const count = query.limit < 0 ? available : Math.min(available, query.limit)
  set.order.walk(query.reverse ? span.last - offset : span.first + offset, count, query.reverse, each)
}

function range(kind: RangeKind, direction: 'auto' | 'forward' | 'reverse') {
  return (context: CommandContext, argv: Command): Reply => {
    const query = parse(argv, 1, kind, direction, false)
    const set = context.db.sortedSet(argv[1]!)
    const reply: Reply[] = []
    if (!set) return reply
    const nested = context.session.protocol === 3
    visit(context, set, query, (node) => {
      const member = bytesOfLatin1(node.member)
      if (!query.withScores) reply.push(member)
      else if (nested) reply.push([member, scoreReply(context, node.score)])
      else reply.push(member, scoreReply(context, node.score))
    })
    return reply
  }
}

function rangeStore(context: CommandContext, argv: Command): Reply {
  const query = parse(argv, 2, 'auto', 'auto', true)
  const { db } = context
  const source = db.sortedSet(argv[2]!)
  const result = new SortedSet()
  if (source) visit(context, source, query, (node) => result.set(node.member, node.score, context.profile.limits))
  if (result.size > 0) {
    db.set(argv[1]!, result)
    context.dirty()
  } else if (db.remove(argv[1]!)) {
    context.rewrite(['DEL', argv[1]!])
    context.dirty()
  }
  return result.size
}

function removeRange(spanFor: (argv: Command) => (set: SortedSet) => RankSpan | undefined) {
  return (context: CommandContext, argv: Command): Reply => {
    const find = spanFor(argv)
    const { db } = context
    const set = db.sortedSet(argv[1]!)
    const span = set && find(set)
    if (!set || !span) return 0
    db.beforeChange(argv[1]!)
    const count = span.last - span.first + 1
    const members: string[] = []
    set.order.walk(span.first, count, false, (node) => members.push(node.member))
    for (const member of members) set.delete(member)
    db.afterChange(argv[1]!)
    context.dirty()
    return count
  }
}

const byRank = (argv: Command) => {
  const start = clampedInteger(argv[2]!)
  const end = clampedInteger(argv[3]!)
  return (set: SortedSet) => spanOfRanks(set, start, end, false)
}
const byScore = (argv: Command) => {
  const ends = scoreRange(argv[2]!, argv[3]!)
  return (set: SortedSet) => spanOfScores(set, ends)
}
const byLex = (argv: Command) => {
  const ends = lexRange(argv[2]!, argv[3]!)
  return (set: SortedSet) => spanOfLex(set, ends)
}

const READ = { arity: -4, flags: 'readonly', keys: ONE_KEY, categories: 'sortedset' } as const
const REMOVE = { arity: 4, flags: 'write', keys: ONE_KEY, categories: 'sortedset' } as const

export const sortedSetRangeCommands: readonly CommandDefinition[] = [
  { name: 'zrange', ...READ, since: '1.2.0', run: range('auto', 'auto') },
  { name: 'zrevrange', ...READ, since: '1.2.0', run: range('rank', 'reverse') },
  { name: 'zrangebyscore', ...READ, since: '1.0.5', run: range('score', 'forward') },
  { name: 'zrevrangebyscore', ...READ, since: '2.2.0', run: range('score', 'reverse') },
  { name: 'zrangebylex', ...READ, since: '2.8.9', run: range('lex', 'forward') },
  { name: 'zrevrangebylex', ...READ, since: '2.8.9', run: range('lex', 'reverse') },
  { name: 'zrangestore', arity: -5, flags: 'write denyoom', keys: TWO_KEYS, categories: 'sortedset', since: '6.2.0', run: rangeStore },
  { name: 'zremrangebyrank', ...REMOVE, since: '2.0.0', run: removeRange(byRank) },
  { name: 'zremrangebyscore', ...REMOVE, since: '1.2.0', run: removeRange(byScore) },
  { name: 'zremrangebylex', ...REMOVE, since: '2.8.9', run: removeRange(byLex) },
]
