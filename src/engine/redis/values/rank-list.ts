/**
 * The order of a sorted set: a skip list with spans (t_zset.c, after Pugh), so that a place, a rank and a range's
 * ends are found in O(log n). Ordered by score, then by member bytes.
 */
export interface RankNode {
  readonly member: string
  score: number
  previous: RankNode | null
  /** By level. */
  readonly next: (RankNode | null)[]
  /** How many places `next` of that level is ahead. */
  readonly span: number[]
}

const MAX_LEVEL = 32

export class RankList {
  readonly #head: RankNode = { member: '', score: 0, previous: null, next: new Array(MAX_LEVEL).fill(null), span: new Array(MAX_LEVEL).fill(0) }
  #level = 1
  #size = 0
  #last: RankNode | null = null
  /** Levels are drawn from a generator of our own: the shape is not observable, and it must repeat. */
  #state = 0x2545f491
  readonly #update: RankNode[] = new Array(MAX_LEVEL)
  readonly #rank: number[] = new Array(MAX_LEVEL).fill(0)

  get size(): number {
    return this.#size
  }

  get first(): RankNode | null {
    return this.#head.next[0]!
  }

  get last(): RankNode | null {
    return this.#last
  }

  insert(member: string, score: number): RankNode {
    const update = this.#update
    const rank = this.#rank
    let node = this.#head
    for (let i = this.#level - 1; i >= 0; i--) {
      rank[i] = i === this.#level - 1 ? 0 : rank[i + 1]!
      let next = node.next[i]!
      while (next !== null && (next.score < score || (next.score === score && next.member < member))) {
        rank[i] = rank[i]! + node.span[i]!
        node = next
        next = node.next[i]!
      }
      update[i] = node
    }
    const level = this.#drawLevel()
    while (this.#level < level) {
      rank[this.#level] = 0
      update[this.#level] = this.#head
      this.#head.span[this.#level] = this.#size
      this.#level++
    }
    const made: RankNode = { member, score, previous: null, next: new Array(level).fill(null), span: new Array(level).fill(0) }
    for (let i = 0; i < level; i++) {
      const before = update[i]!
      made.next[i] = before.next[i]!
      before.next[i] = made
      made.span[i] = before.span[i]! - (rank[0]! - rank[i]!)
      before.span[i] = rank[0]! - rank[i]! + 1
    }
    for (let i = level; i < this.#level; i++) update[i]!.span[i]!++
    made.previous = update[0] === this.#head ? null : update[0]!
    const after = made.next[0]!
    if (after) after.previous = made
    else this.#last = made
    this.#size++
    return made
  }

  remove(node: RankNode): void {
    const update = this.#update
    let at = this.#head
    for (let i = this.#level - 1; i >= 0; i--) {
      let next = at.next[i]!
      while (next !== null && (next.score < node.score || (next.score === node.score && next.member < node.member))) {
        at = next
        next = at.next[i]!
      }
      update[i] = at
    }
    for (let i = 0; i < this.#level; i++) {
      const before = update[i]!
      if (before.next[i] === node) {
        before.span[i] = before.span[i]! + node.span[i]! - 1
        before.next[i] = node.next[i]!
      } else before.span[i]!--
    }
    const after = node.next[0]!
    if (after) after.previous = node.previous
    else this.#last = node.previous
    while (this.#level > 1 && this.#head.next[this.#level - 1] === null) this.#level--
    this.#size--
  }

  /** Moves a node to its place under another score and returns the node that holds the member now. */
  rescore(node: RankNode, score: number): RankNode {
    const after = node.next[0]!
    const before = node.previous
    // Most increments do not change the order.
    if (
      (before === null || before.score < score || (before.score === score && before.member < node.member)) &&
      (after === null || after.score > score || (after.score === score && after.member > node.member))
    ) {
      node.score = score
      return node
    }
    this.remove(node)
    return this.insert(node.member, score)
  }

  /** From 0. */
  rankOf(node: RankNode): number {
    let at = this.#head
    let rank = 0
    for (let i = this.#level - 1; i >= 0; i--) {
      let next = at.next[i]!
      while (next !== null && (next.score < node.score || (next.score === node.score && next.member <= node.member))) {
        rank += at.span[i]!
        at = next
        next = at.next[i]!
      }
      if (at === node) return rank - 1
    }
    return -1
  }

  at(rank: number): RankNode | null {
    if (rank < 0 || rank >= this.#size) return null
    let at = this.#head
    let passed = -1
    for (let i = this.#level - 1; i >= 0; i--) {
      while (at.next[i] && passed + at.span[i]! <= rank) {
        passed += at.span[i]!
        at = at.next[i]!
      }
      if (passed === rank) return at
    }
    return null
  }

  /** The first node for which `below` is false; `below` must be true for a prefix of the order. */
  firstNot(below: (node: RankNode) => boolean): RankNode | null {
    let at = this.#head
    for (let i = this.#level - 1; i >= 0; i--) {
      let next = at.next[i]!
      while (next !== null && below(next)) {
        at = next
        next = at.next[i]!
      }
    }
    return at.next[0]!
  }

  #drawLevel(): number {
    let level = 1
    // p = 1/4, as ZSKIPLIST_P
    for (;;) {
      let x = this.#state
      x ^= x << 13
      x ^= x >>> 17
      x ^= x << 5
      this.#state = x
      if ((x & 3) !== 0 || level === MAX_LEVEL) return level
      level++
    }
  }
}
