import type { Command, Word } from '../../../protocol/command.ts'
import type { Reply } from '../../../protocol/reply.ts'
import { ReplyError } from '../../../protocol/reply.ts'
import { clampedInteger, float, notNegative } from '../arguments.ts'
import type { CommandContext } from '../command-context.ts'
import { ONE_KEY } from '../command-facts.ts'
import type { CommandDefinition } from '../command-spec.ts'
import { SYNTAX_ERROR } from '../error-texts.ts'
import { countedKeys } from '../movable-keys.ts'
import { scoreReply } from '../score-reply.ts'
import type { RankNode } from '../values/rank-list.ts'
import { SortedSet } from '../values/sorted-set.ts'
import { bytesOfLatin1, upperOf } from '../words.ts'

/** Unions, intersections and differences (zunionInterDiffGenericCommand in t_zset.c). */

type Operation = 'union' | 'inter' | 'diff'
type Aggregate = 'SUM' | 'MIN' | 'MAX'

interface Source {
  readonly set: SortedSet | undefined
  weight: number
}

interface Query {
  readonly sources: Source[]
  readonly aggregate: Aggregate
  readonly withScores: boolean
  /** ZINTERCARD only; 0 = none. */
  readonly limit: number
}

const WEIGHT_NOT_FLOAT = new ReplyError('ERR weight value is not a float')
const LIMIT_NEGATIVE = new ReplyError("ERR LIMIT can't be negative")

/** Types of all keys are checked before the options are read. Throws. */
function parse(context: CommandContext, argv: Command, countAt: number, operation: Operation, form: 'reply' | 'store' | 'card'): Query {
  const keyCount = clampedInteger(argv[countAt]!)
  if (keyCount < 1) throw new ReplyError(`ERR at least 1 input key is needed for '${context.commandName}' command`)
  if (keyCount > argv.length - countAt - 1) throw SYNTAX_ERROR
  const sources: Source[] = argv.slice(countAt + 1, countAt + 1 + keyCount).map((key) => ({ set: context.db.sortedSet(key), weight: 1 }))
  let aggregate: Aggregate = 'SUM'
  let withScores = false
  let limit = 0
  for (let i = countAt + 1 + keyCount; i < argv.length; i++) {
    const option = upperOf(argv[i]!)
    const left = argv.length - i - 1
    if (operation !== 'diff' && form !== 'card' && option === 'WEIGHTS' && left >= keyCount) {
      for (const source of sources) source.weight = float(argv[++i]!, WEIGHT_NOT_FLOAT)
    } else if (operation !== 'diff' && form !== 'card' && option === 'AGGREGATE' && left >= 1) {
      const named = upperOf(argv[++i]!)
      if (named !== 'SUM' && named !== 'MIN' && named !== 'MAX') throw SYNTAX_ERROR
      aggregate = named
    } else if (form === 'reply' && option === 'WITHSCORES') withScores = true
    else if (form === 'card' && option === 'LIMIT' && left >= 1) limit = notNegative(argv[++i]!, LIMIT_NEGATIVE)
    else throw SYNTAX_ERROR
  }
  return { sources, aggregate, withScores, limit }
}

/** inf * 0 is zero here. */
const weighted = (weight: number, score: number) => {
  const value = weight * score
  return Number.isNaN(value) ? 0 : value
}

/** Of 0 and -0 the one that came first stays: not Math.min and Math.max, which tell them apart. */
function combine(before: number, value: number, aggregate: Aggregate): number {
  if (aggregate === 'SUM') {
    const sum = before + value
    return Number.isNaN(sum) ? 0 : sum
  }
  const replaces = aggregate === 'MIN' ? value < before : value > before
  return replaces ? value : before
}

function membersOf(set: SortedSet): readonly RankNode[] {
  const nodes: RankNode[] = []
  set.order.each((node) => nodes.push(node))
  return nodes
}

/** Member to score. Sources are taken by size, smallest first, as the original does: sums of floats depend on it. */
function compute(query: Query, operation: Operation): Map<string, number> {
  const result = new Map<string, number>()
  if (operation === 'diff') {
    const [first, ...others] = query.sources
    if (first?.set)
      for (const node of membersOf(first.set))
        if (!others.some((other) => other.set?.score(node.member) !== undefined)) result.set(node.member, node.score)
    return result
  }
  const sources = [...query.sources].sort((a, b) => (a.set?.size ?? 0) - (b.set?.size ?? 0))
  if (operation === 'union') {
    for (const { set, weight } of sources) {
      if (!set) continue
      for (const node of membersOf(set)) {
        const value = weighted(weight, node.score)
        const before = result.get(node.member)
        result.set(node.member, before === undefined ? value : combine(before, value, query.aggregate))
      }
    }
    return result
  }
  const [first, ...others] = sources
  if (!first?.set || others.some((other) => !other.set)) return result
  for (const node of membersOf(first.set)) {
    let value: number | undefined = weighted(first.weight, node.score)
    for (const other of others) {
      const score = other.set === first.set ? node.score : other.set!.score(node.member)
      if (score === undefined) {
        value = undefined
        break
      }
      value = combine(value, weighted(other.weight, score), query.aggregate)
    }
    if (value === undefined) continue
    result.set(node.member, value)
    if (query.limit > 0 && result.size >= query.limit) break
  }
  return result
}

function asSet(context: CommandContext, members: Map<string, number>): SortedSet {
  const { limits } = context.profile
  // Built as a skip list and made compact at the end, as the original: signs of zero go only then.
  const set = new SortedSet('skiplist')
  for (const [member, score] of members) set.set(member, score, limits)
  return set
}

function answer(operation: Operation) {
  return (context: CommandContext, argv: Command): Reply => {
    const query = parse(context, argv, 1, operation, 'reply')
    const set = asSet(context, compute(query, operation))
    const nested = context.session.protocol === 3
    const reply: Reply[] = []
    for (const node of membersOf(set)) {
      const member = bytesOfLatin1(node.member)
      if (!query.withScores) reply.push(member)
      else if (nested) reply.push([member, scoreReply(context, node.score)])
      else reply.push(member, scoreReply(context, node.score))
    }
    return reply
  }
}

function store(operation: Operation) {
  return (context: CommandContext, argv: Command): Reply => {
    const query = parse(context, argv, 2, operation, 'store')
    const set = asSet(context, compute(query, operation))
    const { db } = context
    if (set.size > 0) {
      set.compactIfSmall(context.profile.limits)
      db.set(argv[1]!, set)
      context.dirty()
    } else if (db.remove(argv[1]!)) context.dirty()
    return set.size
  }
}

function intersectionSize(context: CommandContext, argv: Command): Reply {
  return compute(parse(context, argv, 1, 'inter', 'card'), 'inter').size
}

const READ = { arity: -3, flags: 'readonly movablekeys', findKeys: countedKeys(1), categories: 'sortedset' } as const
const STORE = {
  arity: -4,
  flags: 'write denyoom movablekeys',
  keys: ONE_KEY,
  findKeys: (argv: Command): readonly Word[] => countedKeys(2)(argv),
  categories: 'sortedset',
} as const

export const sortedSetAlgebraCommands: readonly CommandDefinition[] = [
  { name: 'zunion', ...READ, since: '6.2.0', run: answer('union') },
  { name: 'zinter', ...READ, since: '6.2.0', run: answer('inter') },
  { name: 'zdiff', ...READ, since: '6.2.0', run: answer('diff') },
  { name: 'zunionstore', ...STORE, since: '2.0.0', run: store('union') },
  { name: 'zinterstore', ...STORE, since: '2.0.0', run: store('inter') },
  { name: 'zdiffstore', ...STORE, since: '6.2.0', run: store('diff') },
  { name: 'zintercard', ...READ, since: '7.0.0', run: intersectionSize },
]
