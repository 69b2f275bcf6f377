/** Something on a roster knows its place there; -1 = on none. It is on one roster at a time. */
export interface RosterMember {
  place: number
}

/**
 * What is under way, in no order: a set for things that come and go by the million. A `Set` makes a new table for
 * every few members that pass through it, and once one of those tables has grown old it keeps all that follow alive,
 * with what was in them, until the next full collection.
 */
export class Roster<T extends RosterMember> implements Iterable<T> {
  readonly #members: T[] = []

  get size(): number {
    return this.#members.length
  }

  add(member: T): void {
    member.place = this.#members.length
    this.#members.push(member)
  }

  /** False when it was on no roster. */
  delete(member: T): boolean {
    const { place } = member
    if (place < 0) return false
    const last = this.#members.pop()!
    if (last !== member) {
      this.#members[place] = last
      last.place = place
    }
    member.place = -1
    return true
  }

  /** Empties the roster; returns who was on it. */
  takeAll(): readonly T[] {
    const members = this.#members.splice(0)
    for (const member of members) member.place = -1
    return members
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.#members[Symbol.iterator]()
  }
}
