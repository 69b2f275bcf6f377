import type { Command, Word } from '../../../protocol/command.ts'
import type { Reply } from '../../../protocol/reply.ts'
import { NullArray, ReplyError } from '../../../protocol/reply.ts'
import { float, ranged } from '../arguments.ts'
import type { CommandContext } from '../command-context.ts'
import { wrongArity } from '../command-errors.ts'
import { ONE_KEY } from '../command-facts.ts'
import type { CommandDefinition } from '../command-spec.ts'
import { SCORE_NAN, SYNTAX_ERROR } from '../error-texts.ts'
import { globMatches } from '../glob.ts'
import { formatG17, formatStored } from '../numbers/format-double.ts'
import { INT64_MAX } from '../numbers/integer.ts'
import { lexRange, scoreRange } from '../range-ends.ts'
import { checkPairCount, drawDistinct, drawRepeating } from '../sampling.ts'
import { EMPTY_SCAN, scanCursor, scanOptions, scanReply } from '../scan.ts'
import { scoreReply } from '../score-reply.ts'
import type { RankSpan } from '../values/sorted-set.ts'
import { SortedSet, spanOfLex, spanOfScores } from '../values/sorted-set.ts'
import { bytesOfLatin1, latin1Of, requireTexts, upperOf, wordLength } from '../words.ts'

/** Sorted sets: members, scores and ranks (t_zset.c). */

interface AddOptions {
  nx: boolean
  xx: boolean
  gt: boolean
  lt: boolean
  ch: boolean
  incr: boolean
}

const NO_OPTIONS: AddOptions = { nx: false, xx: false, gt: false, lt: false, ch: false, incr: false }

function add(context: CommandContext, argv: Command): Reply {
  const options = { ...NO_OPTIONS }
  let from = 2
  for (; from < argv.length; from++) {
    const option = upperOf(argv[from]!).toLowerCase()
    if (!Object.hasOwn(options, option)) break
    options[option as keyof AddOptions] = true
  }
  return addPairs(context, argv, from, options)
}

/** zaddGenericCommand: everything is checked and every score read before the key is looked at. */
function addPairs(context: CommandContext, argv: Command, from: number, options: AddOptions): Reply {
  const words = argv.length - from
  if (words % 2 === 1 || words === 0) return SYNTAX_ERROR
  if (options.nx && options.xx) return new ReplyError('ERR XX and NX options at the same time are not compatible')
  if ((options.gt && options.nx) || (options.lt && options.nx) || (options.gt && options.lt)) {
    return new ReplyError('ERR GT, LT, and/or NX options at the same time are not compatible')
  }
  if (options.incr && words > 2) return new ReplyError('ERR INCR option supports a single increment-element pair')
  const scores: number[] = new Array(words / 2)
  for (let i = 0; i < scores.length; i++) scores[i] = float(argv[from + i * 2]!)
  requireTexts(argv, from + 1, 2)

  const { db, profile } = context
  const key = argv[1]!
  let set = db.sortedSet(key)
  if (set) db.beforeChange(key)
  else {
    if (options.xx) return options.incr ? null : 0
    set = new SortedSet(wordLength(argv[from + 1]!) > profile.limits.zsetValue ? 'skiplist' : 'listpack')
    db.set(key, set)
  }
  if (profile.presizes && needsSkipList(context, argv, from, scores.length)) set.convert()
  let added = 0
  let changed = 0
  let result: number | undefined
  let failure: ReplyError | undefined
  for (let i = 0; i < scores.length; i++) {
    const member = latin1Of(argv[from + i * 2 + 1]!)
    const before = set.score(member)
    let score = scores[i]!
    if (before === undefined) {
      if (options.xx) continue
      set.set(member, score, profile.limits)
      added++
    } else {
      if (options.nx) continue
      if (options.incr) score += before
      if (Number.isNaN(score)) {
        failure = SCORE_NAN
        break
      }
      if ((options.lt && score >= before) || (options.gt && score <= before)) continue
      if (score !== before) {
        set.set(member, score, profile.limits)
        changed++
      }
    }
    result = score
  }
  // An update to the same score is none: it neither breaks a WATCH nor is propagated.
  if (added + changed > 0) db.afterChange(key)
  if (failure) return failure
  if (added + changed > 0) context.dirty()
  if (options.incr) return result === undefined ? null : scoreReply(context, result)
  return options.ch ? added + changed : added
}

/** zsetTypeMaybeConvert: all the command's pairs count, also those that will not be stored. */
function needsSkipList(context: CommandContext, argv: Command, from: number, pairs: number): boolean {
  const { zsetEntries, zsetValue } = context.profile.limits
  if (pairs > zsetEntries) return true
  for (let i = from + 1; i < argv.length; i += 2) if (wordLength(argv[i]!) > zsetValue) return true
  return false
}

const INCREMENT: AddOptions = { ...NO_OPTIONS, incr: true }

function remove(context: CommandContext, argv: Command): Reply {
  const set = context.db.sortedSet(argv[1]!)
  if (!set) return 0
  requireTexts(argv, 2, 1)
  context.db.beforeChange(argv[1]!)
  let removed = 0
  for (let i = 2; i < argv.length; i++) if (set.delete(latin1Of(argv[i]!))) removed++
  if (removed > 0) {
    context.db.afterChange(argv[1]!)
    context.dirty()
  }
  return removed
}

function scoreOf(context: CommandContext, set: SortedSet | undefined, member: Word): Reply {
  const score = set?.score(latin1Of(member))
  return score === undefined ? null : scoreReply(context, score)
}

function rank(reverse: boolean) {
  return (context: CommandContext, argv: Command): Reply => {
    if (argv.length > 4) return wrongArity(context.commandName)
    const withScore = argv.length === 4
    if (withScore && upperOf(argv[3]!) !== 'WITHSCORE') return SYNTAX_ERROR
    const set = context.db.sortedSet(argv[1]!)
    const node = set?.node(latin1Of(argv[2]!))
    if (!set || !node) return withScore ? NullArray.value : null
    const at = set.order.rankOf(node)
    const place = reverse ? set.size - 1 - at : at
    return withScore ? [place, scoreReply(context, node.score)] : place
  }
}

const spanLength = (span: RankSpan | undefined) => (span ? span.last - span.first + 1 : 0)

function count(context: CommandContext, argv: Command): Reply {
  const range = scoreRange(argv[2]!, argv[3]!)
  const set = context.db.sortedSet(argv[1]!)
  return set ? spanLength(spanOfScores(set, range)) : 0
}

function lexCount(context: CommandContext, argv: Command): Reply {
  const range = lexRange(argv[2]!, argv[3]!)
  const set = context.db.sortedSet(argv[1]!)
  return set ? spanLength(spanOfLex(set, range)) : 0
}

function randomMember(context: CommandContext, argv: Command): Reply {
  if (argv.length === 2) {
    const set = context.db.sortedSet(argv[1]!)
    return set ? bytesOfLatin1(set.memberAt(Math.floor(context.random() * set.size)).member) : null
  }
  const wanted = ranged(argv[2]!, -INT64_MAX, INT64_MAX)
  if (argv.length > 4 || (argv.length === 4 && upperOf(argv[3]!) !== 'WITHSCORES')) return SYNTAX_ERROR
  const withScores = argv.length === 4
  if (withScores) checkPairCount(argv[2]!)
  const set = context.db.sortedSet(argv[1]!)
  if (!set || wanted === 0) return []
  const random = () => context.random()
  const nested = context.session.protocol === 3
  const reply: Reply[] = []
  for (const at of wanted < 0 ? drawRepeating(set.size, -wanted, random) : drawDistinct(set.size, wanted, random)) {
    const node = set.memberAt(at)
    const member = bytesOfLatin1(node.member)
    if (!withScores) reply.push(member)
    else if (nested) reply.push([member, scoreReply(context, node.score)])
    else reply.push(member, scoreReply(context, node.score))
  }
  return reply
}

/** Scores are bulk strings here, and those of a skip list are printed as %.17Lg whatever the profile. */
function scan(context: CommandContext, argv: Command): Reply {
  const cursor = scanCursor(context, argv[2]!)
  const set = context.db.sortedSet(argv[1]!)
  if (!set) return EMPTY_SCAN
  const options = scanOptions(context, argv, 3, 'zscan')
  const print = set.encoding === 'skiplist' ? formatG17 : (score: number) => formatStored(score, context.profile.floats)
  const found: Reply[] = []
  const next = set.scan(cursor, options.count, (node) => {
    if (options.pattern !== undefined && !globMatches(options.pattern, node.member)) return
    found.push(bytesOfLatin1(node.member), bytesOfLatin1(print(node.score)))
  })
  return scanReply(next, found)
}

const WRITE = { flags: 'write denyoom fast', keys: ONE_KEY, categories: 'sortedset' } as const
const FAST = { flags: 'readonly fast', keys: ONE_KEY, categories: 'sortedset' } as const
const SLOW = { flags: 'readonly', keys: ONE_KEY, categories: 'sortedset' } as const
const RANDOM = 'nondeterministic_output'

export const sortedSetCommands: readonly CommandDefinition[] = [
  { name: 'zadd', arity: -4, ...WRITE, since: '1.2.0', run: add },
  { name: 'zincrby', arity: 4, ...WRITE, since: '1.2.0', run: (c, argv) => addPairs(c, argv, 2, INCREMENT) },
  { name: 'zrem', arity: -3, flags: 'write fast', keys: ONE_KEY, categories: 'sortedset', since: '1.2.0', run: remove },
  { name: 'zcard', arity: 2, ...FAST, since: '1.2.0', run: (c, argv) => c.db.sortedSet(argv[1]!)?.size ?? 0 },
  { name: 'zscore', arity: 3, ...FAST, since: '1.2.0', run: (c, argv) => scoreOf(c, c.db.sortedSet(argv[1]!), argv[2]!) },
  {
    name: 'zmscore',
    arity: -3,
    ...FAST,
    since: '6.2.0',
    run: (c, argv) => {
      const set = c.db.sortedSet(argv[1]!)
      return argv.slice(2).map((member) => scoreOf(c, set, member))
    },
  },
  { name: 'zcount', arity: 4, ...FAST, since: '2.0.0', run: count },
  { name: 'zlexcount', arity: 4, ...FAST, since: '2.8.9', run: lexCount },
  // WITHSCORE came with 7.2, and with it a variable number of words.
  { name: 'zrank', arity: 3, ...FAST, since: '2.0.0', run: rank(false) },
  { name: 'zrevrank', arity: 3, ...FAST, since: '2.0.0', run: rank(true) },
  { name: 'zrank', arity: -3, ...FAST, since: '7.2.0', run: rank(false) },
  { name: 'zrevrank', arity: -3, ...FAST, since: '7.2.0', run: rank(true) },
  { name: 'zrandmember', arity: -2, ...SLOW, since: '6.2.0', tips: RANDOM, run: randomMember },
  { name: 'zscan', arity: -3, ...SLOW, since: '2.8.0', tips: RANDOM, run: scan },
]
