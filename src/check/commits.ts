import type { HistoryColumns } from '../measure/history.ts'
import { countInWords, instantInWords, plural } from '../measure/words.ts'
import type { Checker, CheckerContext, CheckerResult, RunningChecker } from './checker.ts'
import { checkerTable } from './checker-table.ts'
import { checkerVerdict } from './checker-verdict.ts'
import { APP, codesOf, DATABASE, OK, PROBE } from './rows.ts'
import { noneOf } from './rule-of-three.ts'
import { WorstFew } from './worst-few.ts'

export interface CommitFindings {
  /** Acknowledged by the system of record. */
  readonly commits: number
  /** Commits that were given a version which another acknowledged commit of the key had: one of the two is lost. */
  readonly versionsTwice: number
  /** Commits whose version was read, or read back, as somebody else's: it was lost, and given out again. */
  readonly replaced: number
  /** Keys read back from the system of record after the load, and commits newer than what was found there. */
  readonly readBack: number
  readonly lost: number
  /** When those were acknowledged that are lost in any of these ways, ascending. */
  readonly lostAtNanos: Float64Array
  readonly examples: readonly string[]
}

const MAX_EXAMPLES = 5

/**
 * Commits of a system of record that counts its versions: its own rows with fn "write" (or, in a history without any,
 * the application's), `ret` the version. Who wrote it is the row's writer or, unless it is said, its instance + 1; probe
 * rows "committed" say what is there after the load. No cache excuses a commit that is gone.
 */
export const commits: Checker = {
  id: 'commits',
  sentence: 'Every acknowledged commit has a version of its own, and is there in the end.',
  columns: ['op', 'parent', 'layer', 'instance', 'key', 'fn', 'outcome', 'ret', 'writer', 'sent', 'done', 'status'],
  table: checkerTable({
    title: 'Commits',
    lead: 'The system of record gives each commit a version of its own. One that is gone, or was given twice, is a write that somebody was promised.',
    measures: (cell) => cell.checked?.['commits'],
    examples: ({ examples }) => examples,
    columns: [
      { title: 'acknowledged', text: ({ numbers }) => countInWords(numbers['commits']!) },
      {
        title: 'version given twice',
        text: ({ numbers }) => countInWords(numbers['versionsTwice']!),
        wrong: ({ numbers }) => numbers['versionsTwice']! > 0,
      },
      { title: 'replaced', text: ({ numbers }) => countInWords(numbers['replaced']!), wrong: ({ numbers }) => numbers['replaced']! > 0 },
      { title: 'keys read back', text: ({ numbers }) => countInWords(numbers['readBack']!) },
      { title: 'lost', text: ({ numbers }) => countInWords(numbers['lost']!), wrong: ({ numbers }) => numbers['lost']! > 0 },
    ],
  }),
  create: (context) => new RunningCommits(context),
}

/** The same on columns in memory, without a cell. */
export function checkCommits(columns: HistoryColumns): CommitFindings {
  const running = new RunningCommits()
  running.accept(columns)
  return running.findings()
}

interface Commit {
  readonly version: number
  readonly writer: number
  readonly op: number
  readonly doneNanos: number
  isLost: boolean
}

class RunningCommits implements RunningChecker {
  readonly #context: CheckerContext | undefined
  readonly #keys = new Map<number, KeyCommits>()
  /** Where the database has no rows, the application's writes are all there is to go by. */
  #application: KeyCommitsByKey | undefined = new Map()
  readonly #tally = new CommitTally()

  constructor(context?: CheckerContext) {
    this.#context = context
  }

  accept(rows: HistoryColumns): void {
    const { layer, fn, outcome, status, key, ret, sent } = rows
    const isRead = codesOf(fn, 'read', 'cached')
    const isWrite = codesOf(fn, 'write')
    const isCommitted = codesOf(fn, 'committed')
    const isAbsent = codesOf(outcome, 'absent')
    for (let row = 0; row < rows.length; row++) {
      if (sent[row]! < 0 || key[row]! < 0 || status[row] !== OK) continue
      const code = fn.codes[row]!
      if (layer[row] === DATABASE) this.#application = undefined
      if (layer[row] === PROBE && isCommitted[code] === 1) {
        if (!Number.isNaN(ret[row]!)) this.#key(key[row]!).readBack(ret[row]!, rows.writer[row]!)
        else if (isAbsent[outcome.codes[row]!] === 1) this.#key(key[row]!).readBack(Number.NEGATIVE_INFINITY, -1)
      } else if (Number.isNaN(ret[row]!)) continue
      else if (isWrite[code] === 1) this.#write(rows, row)
      else if (isRead[code] === 1 && (layer[row] === APP || layer[row] === PROBE)) this.#key(key[row]!).seen(ret[row]!, rows.writer[row]!)
    }
  }

  finish(): CheckerResult {
    const found = this.findings()
    const { lostAtNanos, examples, ...numbers } = found
    const { commits: acknowledged, versionsTwice, replaced, readBack, lost } = found
    const fails = versionsTwice + replaced + lost > 0
    const back = readBack === 0 ? 'nothing was read back to look for lost ones' : `${countInWords(readBack)} keys were read back`
    const verdict = checkerVerdict(this.#context!.cell, {
      id: 'checker/commits',
      sentence: commits.sentence,
      gates: true,
      observations: acknowledged,
      of: 'acknowledged commits',
      fails,
      evidence: fails
        ? `Of ${plural(acknowledged, 'acknowledged commit')} ${countInWords(versionsTwice)} got a version that another one had, ${countInWords(replaced)} were found replaced by somebody else's, ` +
          `and ${countInWords(lost)} were gone after the load (${back})`
        : `Commits lost, replaced, or with a version that another one has: ${noneOf(acknowledged)}; ${back}`,
      numbers,
      counterexample: examples,
      testedBy: 'cache-aside',
    })
    return {
      verdicts: [verdict],
      measures: { checked: { [commits.id]: { numbers, examples: [...examples] } } },
      ...(readBack > 0 && { findings: { lostCommitsAtNanos: lostAtNanos } }),
    }
  }

  findings(): CommitFindings {
    for (const [key, known] of this.#application ?? []) for (const commit of known) this.#key(key).committed(commit)
    for (const key of this.#keys.values()) key.finish()
    return this.#tally.findings()
  }

  #write(rows: HistoryColumns, row: number): void {
    const { layer, op, parent, instance, key, ret, writer, done } = rows
    if (layer[row] !== DATABASE && (layer[row] !== APP || !this.#application)) return
    const commit: Commit = {
      version: ret[row]!,
      writer: writer[row]! >= 0 ? writer[row]! : instance[row]! + 1,
      op: parent[row]! >= 0 ? parent[row]! : op[row]!,
      doneNanos: done[row]!,
      isLost: false,
    }
    if (layer[row] === DATABASE) this.#key(key[row]!).committed(commit)
    else {
      const known = this.#application!.get(key[row]!)
      if (known) known.push(commit)
      else this.#application!.set(key[row]!, [commit])
    }
  }

  #key(key: number): KeyCommits {
    let known = this.#keys.get(key)
    if (known === undefined) {
      known = new KeyCommits(key, this.#tally)
      this.#keys.set(key, known)
    }
    return known
  }
}

type KeyCommitsByKey = Map<number, Commit[]>

class CommitTally {
  commits = 0
  versionsTwice = 0
  replaced = 0
  readBack = 0
  lost = 0
  readonly #lostAt: number[] = []
  readonly #worst = new WorstFew<string>(MAX_EXAMPLES)

  gone(commit: Commit, sentence: () => string): void {
    if (!commit.isLost) this.#lostAt.push(commit.doneNanos)
    commit.isLost = true
    // The earliest first.
    this.#worst.offer(-commit.doneNanos, sentence)
  }

  findings(): CommitFindings {
    const { commits: acknowledged, versionsTwice, replaced, readBack, lost } = this
    const lostAtNanos = Float64Array.from(this.#lostAt).sort()
    return { commits: acknowledged, versionsTwice, replaced, readBack, lost, lostAtNanos, examples: this.#worst.values() }
  }
}

/** The commits of one key, and whose its versions turned out to be. */
class KeyCommits {
  readonly #key: number
  readonly #tally: CommitTally
  readonly #commits = new Map<number, Commit>()
  /** Versions that were read before they were acknowledged, and whose they were. */
  #read: Map<number, number> | undefined
  #last: { readonly version: number; readonly writer: number } | undefined

  constructor(key: number, tally: CommitTally) {
    this.#key = key
    this.#tally = tally
  }

  committed(commit: Commit): void {
    this.#tally.commits++
    const other = this.#commits.get(commit.version)
    this.#commits.set(commit.version, commit)
    if (other) {
      this.#tally.versionsTwice++
      this.#tally.gone(other, () => `${this.#sentence(other)}, and so was operation ${commit.op} at ${instantInWords(commit.doneNanos)}`)
    }
    const reader = this.#read?.get(commit.version)
    this.#read?.delete(commit.version)
    if (reader !== undefined) this.#readAs(commit, reader)
  }

  /** A version was read, of this writer (-1: it does not say). */
  seen(version: number, writer: number): void {
    if (writer < 0) return
    const commit = this.#commits.get(version)
    if (commit) this.#readAs(commit, writer)
    // What was there before the load was nobody's commit.
    else if (writer > 0) {
      this.#read ??= new Map()
      this.#read.set(version, writer)
    }
  }

  readBack(version: number, writer: number): void {
    this.#last = { version, writer }
  }

  finish(): void {
    const last = this.#last
    if (last === undefined) return
    this.#tally.readBack++
    for (const commit of this.#commits.values()) {
      if (commit.version > last.version) {
        this.#tally.lost++
        const found = last.version === Number.NEGATIVE_INFINITY ? 'there was no row' : `version ${last.version} was the last`
        this.#tally.gone(commit, () => `${this.#sentence(commit)}; after the load ${found}`)
      } else if (commit.version === last.version && last.writer >= 0) this.#readAs(commit, last.writer)
    }
  }

  #readAs(commit: Commit, writer: number): void {
    if (writer === commit.writer || commit.isLost) return
    this.#tally.replaced++
    this.#tally.gone(commit, () => `${this.#sentence(commit)}; what was read as version ${commit.version} is instance ${writer - 1}'s`)
  }

  #sentence({ version, writer, op, doneNanos }: Commit): string {
    return `key ${this.#key}: version ${version} was acknowledged to operation ${op} of instance ${writer - 1} at ${instantInWords(doneNanos)}`
  }
}
