import type { HistoryColumns } from '../measure/history.ts'
import { instantInWords } from '../measure/words.ts'
import { forEachKey, groupByKey } from './group-by-key.ts'
import { APP, codesOf, OK, selectRows } from './rows.ts'

export interface SessionGuarantees {
  /** A user's write was acknowledged to him, and a read he began afterwards returned an older version. */
  readonly readYourWritesViolations: number
  /** A user read a version, and a read he began afterwards returned an older one. */
  readonly monotonicReadsViolations: number
  readonly examples: readonly string[]
}

/**
 * Read-your-writes and monotonic reads, a user and key at a time (Terry et al., PDIS 1994), over versions that are a
 * total order, so each violation is one for certain. What a user did is what was over before he began the read;
 * several of his operations may be under way at once. O(n) for users who do one thing at a time.
 */
export function checkSessionGuarantees(columns: HistoryColumns, commits: Uint8Array): SessionGuarantees {
  const { layer, status, ret, sent, done, client, op, fn } = columns
  const isRead = codesOf(fn, 'read')
  const isWrite = codesOf(fn, 'write')
  const committed = new Set<number>()
  for (let row = 0; row < columns.length; row++) if (commits[row] === 1) committed.add(columns.key[row]!)
  const rows = selectRows(columns, (row) => {
    if (layer[row] !== APP || status[row] !== OK || Number.isNaN(ret[row]!) || !committed.has(columns.key[row]!)) return false
    return isRead[fn.codes[row]!] === 1 || isWrite[fn.codes[row]!] === 1
  })

  let readYourWritesViolations = 0
  let monotonicReadsViolations = 0
  const examples: string[] = []
  const writes = new NewestKnown(columns)
  const reads = new NewestKnown(columns)
  forEachKey(groupByKey(columns.key, rows), (key, group) => {
    writes.clear()
    reads.clear()
    for (const row of group) {
      if (isWrite[fn.codes[row]!] === 1) {
        writes.note(row)
        continue
      }
      const ownWrite = writes.before(client[row]!, sent[row]!, op[row]!)
      if (ownWrite >= 0 && ret[ownWrite]! > ret[row]!) {
        if (readYourWritesViolations++ === 0) examples.push(sentence(columns, key, row, ownWrite, 'his own write of'))
      }
      const earlierRead = reads.before(client[row]!, sent[row]!, op[row]!)
      if (earlierRead >= 0 && ret[earlierRead]! > ret[row]!) {
        if (monotonicReadsViolations++ === 0) examples.push(sentence(columns, key, row, earlierRead, 'his own read of'))
      }
      reads.note(row)
    }
  })
  return { readYourWritesViolations, monotonicReadsViolations, examples }

  function sentence(of: HistoryColumns, key: number, row: number, earlier: number, what: string): string {
    return (
      `key ${key}: user ${client[row]} read version ${ret[row]} (operation ${op[row]}, ${instantInWords(sent[row]!)}) after ` +
      `${what} version ${of.ret[earlier]} (operation ${op[earlier]}) was over at ${instantInWords(done[earlier]!)}`
    )
  }
}

/** Per user the newest version known at any instant, for one key; rows are noted in order of completion. */
class NewestKnown {
  readonly #columns: HistoryColumns
  /** Latest entry of each user. Entries form a chain backwards in time, versions falling along it. */
  readonly #heads = new Map<number, number>()
  readonly #rows: number[] = []
  readonly #previous: number[] = []

  constructor(columns: HistoryColumns) {
    this.#columns = columns
  }

  clear(): void {
    this.#heads.clear()
    this.#rows.length = 0
    this.#previous.length = 0
  }

  note(row: number): void {
    const { client, ret } = this.#columns
    const head = this.#heads.get(client[row]!) ?? -1
    if (head >= 0 && ret[this.#rows[head]!]! >= ret[row]!) return
    this.#heads.set(client[row]!, this.#rows.length)
    this.#rows.push(row)
    this.#previous.push(head)
  }

  /**
   * The row with the newest version that was over when operation `op` began at `instant`; -1 for none. At the same
   * nanosecond (usual on virtual time) the lower operation number came first: a user's operations are numbered in
   * the order he begins them.
   */
  before(user: number, instant: number, op: number): number {
    const { done } = this.#columns
    let entry = this.#heads.get(user) ?? -1
    while (entry >= 0) {
      const row = this.#rows[entry]!
      if (done[row]! < instant || (done[row] === instant && this.#columns.op[row]! < op)) return row
      entry = this.#previous[entry]!
    }
    return -1
  }
}
