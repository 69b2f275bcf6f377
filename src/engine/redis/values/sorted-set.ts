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
      this.order.rescore(known, stored)
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
    this.order.each(visit)
    return 0
  }

  copy(limits: EncodingLimits): SortedSet {
    const copy = new SortedSet(this.encoding)
    this.order.each((node) => copy.set(node.member, node.score, limits))
    copy.#compact = this.#compact
    return copy
  }

  /** What ZUNIONSTORE and the like do with their result (zsetConvertToListpackIfNeeded). */
  compactIfSmall(limits: EncodingLimits): void {
    let small = this.size <= limits.zsetEntries
    if (small) {
      this.order.each((node) => {
        if (node.member.length > limits.zsetValue) small = false
      })
    }
    // The sign of zero goes with the compact encoding; the order does not know it.
    if (small && !this.#compact) {
      this.order.each((node) => {
        if (node.score === 0) node.score = 0
      })
    }
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
  return set.encoding === 'skiplist' ? spanOf(set, below, upTo) : spanOfWalk(set, below, upTo, reverse)
}

type Test = (node: RankNode) => boolean

function spanOfWalk(set: SortedSet, below: Test, upTo: Test, reverse: boolean): RankSpan | undefined {
  const nodes: RankNode[] = []
  set.order.each((node) => nodes.push(node))
  const { length } = nodes
  let first = 0
  let last = length - 1
  if (reverse) {
    while (last >= 0 && !upTo(nodes[last]!)) last--
    first = last + 1
    while (first > 0 && !below(nodes[first - 1]!)) first--
  } else {
    while (first < length && below(nodes[first]!)) first++
    last = first - 1
    while (last + 1 < length && upTo(nodes[last + 1]!)) last++
  }
  return last < first ? undefined : { first, last }
}

function spanOf(set: SortedSet, beforeFirst: Test, upToLast: Test): RankSpan | undefined {
  const first = set.order.firstNot(beforeFirst)
  const last = set.order.firstNot(upToLast) - 1
  return last < first ? undefined : { first, last }
}
