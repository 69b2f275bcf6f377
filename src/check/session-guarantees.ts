import { instantInWords } from '../measure/words.ts'

export interface SessionGuarantees {
  /** A user's write was acknowledged to him, and a read he began afterwards returned an older version. */
  readonly readYourWritesViolations: number
  /** A user read a version, and a read he began afterwards returned an older one. */
  readonly monotonicReadsViolations: number
  readonly examples: readonly string[]
}

/** What a user did to a key and was answered, with the version he wrote or was given. */
export interface UsersOperation {
  readonly key: number
  readonly client: number
  readonly version: number
  readonly op: number
  readonly sentNanos: number
  readonly doneNanos: number
}

/**
 * Read-your-writes and monotonic reads, a user and key at a time (Terry et al., PDIS 1994), of versions that are a total
 * order or, else, of those pairs of values whose writes real time orders: each violation is one for certain. What a user
 * did is what was over before he began the read; several of his operations may be under way at once. Operations come in
 * order of completion; the object that tells one may be used again.
 */
export interface SessionGuaranteesJudge {
  wrote(operation: UsersOperation): void
  read(operation: UsersOperation): void
  finish(): SessionGuarantees
}

/** Versions are the database's: judged as they come. */
export class OrderedGuarantees implements SessionGuaranteesJudge {
  readonly #violations = new Violations()

  wrote(operation: UsersOperation): void {
    this.#violations.wrote(operation, operation.version)
  }

  read(operation: UsersOperation): void {
    this.#violations.read(operation, operation.version, operation.version)
  }

  finish(): SessionGuarantees {
    return this.#violations
  }
}

/** Values that are only told apart: when their writes began and ended is known in the end. */
export class IntervalGuarantees implements SessionGuaranteesJudge {
  readonly #operations: { readonly operation: UsersOperation; readonly isWrite: boolean }[] = []
  /** By key and value; undefined: written more than once. */
  readonly #writes = new Map<string, UsersOperation | undefined>()

  wrote(operation: UsersOperation): void {
    const kept = { ...operation }
    const name = nameOf(kept)
    this.#writes.set(name, this.#writes.has(name) ? undefined : kept)
    this.#operations.push({ operation: kept, isWrite: true })
  }

  read(operation: UsersOperation): void {
    this.#operations.push({ operation: { ...operation }, isWrite: false })
  }

  finish(): SessionGuarantees {
    const violations = new Violations()
    for (const { operation, isWrite } of this.#operations) {
      const write = this.#writes.get(nameOf(operation))
      // What was there in the beginning is older than anything; what can't be told is older than nothing.
      const unwritten = !this.#writes.has(nameOf(operation))
      const beganNanos = write ? write.sentNanos : Number.NEGATIVE_INFINITY
      const overNanos = write ? write.doneNanos : unwritten ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
      if (!isWrite) violations.read(operation, beganNanos, overNanos)
      else if (write) violations.wrote(operation, beganNanos)
    }
    return violations
  }
}

function nameOf({ key, version }: UsersOperation): string {
  return `${key}/${version}`
}

/** Each version has a place in the order it was written in; it is older than what lies beyond where it ends. */
class Violations implements SessionGuarantees {
  readYourWritesViolations = 0
  monotonicReadsViolations = 0
  readonly examples: string[] = []
  readonly #known = new NewestKnown()

  wrote(operation: UsersOperation, place: number): void {
    const known = this.#known
    const whose = known.whose(operation)
    known.lastWrite[whose] = known.note(known.lastWrite[whose]!, operation, place)
  }

  read(read: UsersOperation, place: number, end: number): void {
    const known = this.#known
    const whose = known.whose(read)
    const ownWrite = known.before(known.lastWrite[whose]!, read)
    if (ownWrite >= 0 && known.placeOf(ownWrite) > end) {
      if (this.readYourWritesViolations++ === 0) this.examples.push(sentenceOf(read, 'his own write of', known.at(ownWrite)))
    }
    const lastRead = known.lastRead[whose]!
    const earlierRead = known.before(lastRead, read)
    if (earlierRead >= 0 && known.placeOf(earlierRead) > end) {
      if (this.monotonicReadsViolations++ === 0) this.examples.push(sentenceOf(read, 'his own read of', known.at(earlierRead)))
    }
    known.lastRead[whose] = known.note(lastRead, read, place)
  }
}

interface Known {
  readonly version: number
  readonly op: number
  readonly doneNanos: number
}

function sentenceOf(read: UsersOperation, what: string, { version, op, doneNanos }: Known): string {
  return (
    `key ${read.key}: user ${read.client} read version ${read.version} (operation ${read.op}, ${instantInWords(read.sentNanos)}) after ` +
    `${what} version ${version} (operation ${op}) was over at ${instantInWords(doneNanos)}`
  )
}

/** Per user and key the newest version known at any instant: chains backwards in time, places falling along them. */
class NewestKnown {
  /** By user and key, the latest entry of the chain of writes, and of reads; -1 for none. */
  readonly lastWrite: number[] = []
  readonly lastRead: number[] = []
  readonly #usersOfKey = new Map<number, Map<number, number>>()
  readonly #places: number[] = []
  readonly #versions: number[] = []
  readonly #ops: number[] = []
  readonly #dones: number[] = []
  readonly #previous: number[] = []

  whose({ key, client }: UsersOperation): number {
    let users = this.#usersOfKey.get(key)
    if (users === undefined) {
      users = new Map()
      this.#usersOfKey.set(key, users)
    }
    let whose = users.get(client)
    if (whose === undefined) {
      whose = this.lastRead.length
      users.set(client, whose)
      this.lastWrite.push(-1)
      this.lastRead.push(-1)
    }
    return whose
  }

  /** The chain's latest entry, with this one in it. */
  note(head: number, operation: UsersOperation, place: number): number {
    if (head >= 0 && this.#places[head]! >= place) return head
    this.#places.push(place)
    this.#versions.push(operation.version)
    this.#ops.push(operation.op)
    this.#dones.push(operation.doneNanos)
    this.#previous.push(head)
    return this.#places.length - 1
  }

  /**
   * The newest that was over when the operation began; -1 for none. At the same nanosecond (usual on virtual time) the
   * lower operation number came first: a user's operations are numbered in the order he begins them.
   */
  before(head: number, { sentNanos, op }: UsersOperation): number {
    let entry = head
    while (entry >= 0) {
      const done = this.#dones[entry]!
      if (done < sentNanos || (done === sentNanos && this.#ops[entry]! < op)) return entry
      entry = this.#previous[entry]!
    }
    return -1
  }

  placeOf(entry: number): number {
    return this.#places[entry]!
  }

  at(entry: number): Known {
    return { version: this.#versions[entry]!, op: this.#ops[entry]!, doneNanos: this.#dones[entry]! }
  }
}
