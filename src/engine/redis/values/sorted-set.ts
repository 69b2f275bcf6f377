import type { EncodingLimits } from '../profiles.ts'
import type { RankNode } from './rank-list.ts'
import { RankList } from './rank-list.ts'
import { ScanMap } from './scan-map.ts'

/** Bytes a member costs beside its own: map entry, skip list node. */
const MEMBER_BYTES = 120

/** A sorted set: member to score, and the order. */
export class SortedSet {
  readonly #members = new ScanMap<RankNode>()
  readonly order = new RankList()
  #compact: boolean
  #bytes = 0

  constructor(encoding: 'listpack' | 'skiplist' = 'listpack') {
    this.#compact = encoding === 'listpack'
  }

  get encoding(): 'listpack' | 'skiplist' {
    return this.#compact ? 'listpack' : 'skiplist'
  }

  get size(): number {
    return this.#members.size
  }

  get bytes(): number {
    return this.#bytes
  }

  score(member: string): number | undefined {
    return this.#members.get(member)?.score
  }

  node(member: string): RankNode | undefined {
    return this.#members.get(member)
  }

  /** A listpack holds integral scores as integers, and so forgets the sign of zero (zzlInsertAt). */
  set(member: string, score: number, limits: EncodingLimits): void {
    const known = this.#members.get(member)
    if (known) {
      const stored = this.#compact && score === 0 ? 0 : score
      this.#members.set(member, this.order.rescore(known, stored))
      return
    }
    if (this.#compact && (this.size + 1 > limits.zsetEntries || member.length > limits.zsetValue)) this.#compact = false
    this.#members.set(member, this.order.insert(member, this.#compact && score === 0 ? 0 : score))
    this.#bytes += MEMBER_BYTES + member.length
  }

  /** Leaves the compact encoding. Idempotent. */
  convert(): void {
    this.#compact = false
  }

  delete(member: string): boolean {
    const node = this.#members.get(member)
    if (!node) return false
    this.#members.delete(member)
    this.order.remove(node)
    this.#bytes -= MEMBER_BYTES + member.length
    return true
  }

  /** From 0; undefined for an unknown member. */
  rank(member: string): number | undefined {
    const node = this.#members.get(member)
    return node && this.order.rankOf(node)
  }

  memberAt(index: number): RankNode {
    return this.#members.values[index]!
  }

  scan(cursor: number, count: number, visit: (node: RankNode) => void): number {
    if (!this.#compact) return this.#members.scan(cursor, count, (_member, node) => visit(node))
    for (let node = this.order.first; node; node = node.next[0]!) visit(node)
    return 0
  }

  copy(limits: EncodingLimits): SortedSet {
    const copy = new SortedSet(this.encoding)
    for (let node = this.order.first; node; node = node.next[0]!) copy.set(node.member, node.score, limits)
    copy.#compact = this.#compact
    return copy
  }

  /** What ZUNIONSTORE and the like do with their result (zsetConvertToListpackIfNeeded). */
  compactIfSmall(limits: EncodingLimits): void {
    let small = this.size <= limits.zsetEntries
    for (let node = this.order.first; node && small; node = node.next[0]!) if (node.member.length > limits.zsetValue) small = false
    if (small && !this.#compact) for (let node = this.order.first; node; node = node.next[0]!) if (node.score === 0) node.score = 0
    this.#compact = small
  }
}

export interface ScoreRange {
  readonly min: number
  readonly max: number
  readonly minExclusive: boolean
  readonly maxExclusive: boolean
}

/** An end of a lexicographic range: '-' and '+' are infinite. */
export interface LexEnd {
  readonly infinite: -1 | 0 | 1
  readonly value: string
  readonly exclusive: boolean
}

export interface LexRange {
  readonly min: LexEnd
  readonly max: LexEnd
}

/** First and last rank within the range; undefined when it is empty. */
export interface RankSpan {
  readonly first: number
  readonly last: number
}

export function spanOfScores(set: SortedSet, range: ScoreRange): RankSpan | undefined {
  if (range.min > range.max || (range.min === range.max && (range.minExclusive || range.maxExclusive))) return undefined
  return spanOf(
    set,
    (node) => (range.minExclusive ? node.score <= range.min : node.score < range.min),
    (node) => (range.maxExclusive ? node.score < range.max : node.score <= range.max),
  )
}

/**
 * Members are ordered bytewise only where their scores are equal; among different scores the result follows from
 * how the original walks: a listpack from one end to the other (zzlFirstInLexRange, zzlLastInLexRange). In a skip list it
 * depends on the levels that were drawn, there and here.
 */
export function spanOfLex(set: SortedSet, range: LexRange, reverse = false): RankSpan | undefined {
  const { min, max } = range
  if (min.infinite === 1 || max.infinite === -1) return undefined
  if (min.infinite === 0 && max.infinite === 0 && (min.value > max.value || (min.value === max.value && (min.exclusive || max.exclusive))))
    return undefined
  const below = (node: RankNode) => min.infinite === 0 && (min.exclusive ? node.member <= min.value : node.member < min.value)
  const upTo = (node: RankNode) => max.infinite === 1 || (max.exclusive ? node.member < max.value : node.member <= max.value)
  const head = set.order.first
  const tail = set.order.last
  if (!head || !tail || below(tail) || !upTo(head)) return undefined
  if (set.encoding === 'skiplist') return spanOf(set, below, upTo)
  return reverse ? walkBack(tail, set.size - 1, below, upTo) : walkOn(head, below, upTo)
}

type Test = (node: RankNode) => boolean

function walkOn(head: RankNode, below: Test, upTo: Test): RankSpan | undefined {
  let node: RankNode | null = head
  let first = 0
  for (; node && below(node); node = node.next[0]!) first++
  let last = first - 1
  for (; node && upTo(node); node = node.next[0]!) last++
  return last < first ? undefined : { first, last }
}

function walkBack(tail: RankNode, from: number, below: Test, upTo: Test): RankSpan | undefined {
  let node: RankNode | null = tail
  let last = from
  for (; node && !upTo(node); node = node.previous) last--
  let first = last + 1
  for (; node && !below(node); node = node.previous) first--
  return last < first ? undefined : { first, last }
}

function spanOf(set: SortedSet, beforeFirst: (node: RankNode) => boolean, upToLast: (node: RankNode) => boolean): RankSpan | undefined {
  const first = set.order.firstNot(beforeFirst)
  if (!first || !upToLast(first)) return undefined
  const after = set.order.firstNot(upToLast)
  return { first: set.order.rankOf(first), last: after ? set.order.rankOf(after) - 1 : set.size - 1 }
}
