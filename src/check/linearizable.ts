import type { HistoryColumns } from '../measure/history.ts'
import type { Cell } from '../measure/run-result.ts'
import type { Verdict } from '../measure/verdict.ts'
import { countInWords, plural } from '../measure/words.ts'
import { historyLevelOf } from './cell-settings.ts'
import type { Checker, CheckerContext, CheckerResult, RunningChecker } from './checker.ts'
import { checkerVerdict } from './checker-verdict.ts'
import { ABSENT_VERSION } from './freshness.ts'
import { OrderedRegister } from './ordered-register.ts'
import type { KeyRegister } from './register.ts'
import { APP, codesOf, codesWhere, DATABASE, FAIL, hasDatabase, OK } from './rows.ts'
import { ZoneRegister } from './zones.ts'

export interface LinearizabilityFindings {
  readonly keys: number
  readonly operations: number
  /** Reads that began after a write to their key was over. */
  readonly observations: number
  /** Keys whose history no single copy of the data could have produced. */
  readonly keysNotLinearizable: number
  /** Keys of which it can't be told: a value was written more than once, and nothing else tells its writes apart. */
  readonly keysAmbiguous: number
  /** Of the first key that is not, one step a line; empty when there is none. */
  readonly counterexample: readonly string[]
}

/**
 * Per-key linearizability of what the application saw: its reads and writes, from call to answer, as operations on one
 * register a key. Rows of the application with fn "read" and "write", `ret` the version; where a database is behind
 * them its versions say which write came first, and its own rows what became of a write whose answer was lost. A read
 * that got no answer says nothing; one that found no row returned what was before the first version. A write whose
 * commit is known but which did not end well is of unknown end; one that was never committed is left out.
 */
export const linearizability: Checker = {
  id: 'linearizability',
  sentence: 'Cache and database together behave like one copy of the data, key by key.',
  columns: ['op', 'parent', 'layer', 'key', 'fn', 'outcome', 'arg', 'ret', 'sent', 'done', 'status'],
  create: (context) => new RunningLinearizability(context.cell.database !== undefined, context),
}

/** The same on columns in memory, without a cell: versions are ordered where there are rows of a database. */
export function checkLinearizability(columns: HistoryColumns): LinearizabilityFindings {
  const running = new RunningLinearizability(hasDatabase(columns))
  running.accept(columns)
  return running.findings()
}

/** What the database did for a write of the application, until that write ends. */
interface Commit {
  readonly key: number
  readonly version: number
  readonly sentNanos: number
  readonly acknowledged: boolean
}

class RunningLinearizability implements RunningChecker {
  readonly #context: CheckerContext | undefined
  readonly #ordered: boolean
  readonly #registers = new Map<number, KeyRegister>()
  readonly #commits = new Map<number, Commit>()

  constructor(ordered: boolean, context?: CheckerContext) {
    this.#ordered = ordered
    this.#context = context
  }

  accept(rows: HistoryColumns): void {
    const { layer, sent, fn, outcome, status, op, parent, key, ret, done } = rows
    const isRead = codesOf(fn, 'read')
    const isWrite = codesOf(fn, 'write')
    const absent = codesWhere(outcome, (text) => /\babsent\b/.test(text))
    for (let row = 0; row < rows.length; row++) {
      if (sent[row]! < 0) continue
      const code = fn.codes[row]!
      if (isWrite[code] === 1) {
        if (layer[row] === APP) this.#write(rows, row)
        else if (layer[row] === DATABASE && status[row] !== FAIL && !this.#commits.get(parent[row]!)?.acknowledged) {
          this.#commits.set(parent[row]!, { key: key[row]!, version: ret[row]!, sentNanos: sent[row]!, acknowledged: status[row] === OK })
        }
      } else if (isRead[code] === 1 && layer[row] === APP && status[row] === OK && key[row]! >= 0) {
        const isAbsent = absent[outcome.codes[row]!] === 1
        const value = isAbsent ? ABSENT_VERSION : ret[row]!
        if (Number.isNaN(value) || (isAbsent && !this.#ordered)) continue
        this.#register(key[row]!).read({ op: op[row]!, value, startNanos: sent[row]!, endNanos: done[row]! })
      }
    }
  }

  finish(): CheckerResult {
    return { verdicts: [verdictOf(this.#context!.cell, this.findings())], measures: {} }
  }

  findings(): LinearizabilityFindings {
    // Operations that were killed: their own rows know neither key nor version.
    for (const [op, { key, version, sentNanos }] of this.#commits) {
      this.#register(key).write({ op, value: version, startNanos: sentNanos, endNanos: Number.POSITIVE_INFINITY })
    }
    this.#commits.clear()
    const found = { keys: this.#registers.size, operations: 0, observations: 0, keysNotLinearizable: 0, keysAmbiguous: 0 }
    let counterexample: readonly string[] = []
    for (const register of this.#registers.values()) {
      const verdict = register.finish()
      found.operations += register.operations
      found.observations += register.observations
      if (verdict.kind === 'ambiguous') found.keysAmbiguous++
      if (verdict.kind !== 'conflict') continue
      if (found.keysNotLinearizable++ === 0) counterexample = verdict.steps
    }
    return { ...found, counterexample }
  }

  #write({ op, key, arg, ret, sent, done, status }: HistoryColumns, row: number): void {
    const commit = this.#commits.get(op[row]!)
    this.#commits.delete(op[row]!)
    if (status[row] === FAIL && commit === undefined) return
    const known = commit ? commit.version : arg[row]!
    const value = Number.isNaN(ret[row]!) ? known : ret[row]!
    const acknowledged = status[row] === OK && !Number.isNaN(value)
    const endNanos = acknowledged ? done[row]! : Number.POSITIVE_INFINITY
    this.#register(key[row]!).write({ op: op[row]!, value, startNanos: sent[row]!, endNanos })
  }

  #register(key: number): KeyRegister {
    let register = this.#registers.get(key)
    if (register === undefined) {
      register = this.#ordered ? new OrderedRegister(key) : new ZoneRegister(key)
      this.#registers.set(key, register)
    }
    return register
  }
}

function verdictOf(cell: Cell, found: LinearizabilityFindings): Verdict {
  const { keys, operations, observations, keysNotLinearizable, keysAmbiguous, counterexample } = found
  const sampled = historyLevelOf(cell) === 'sample' ? ` (history level ${cell.history.level})` : ''
  // The database alone must be linearizable; a cache in front of it is no such promise.
  const gates = cell.pattern === 'none'
  const fails = keysNotLinearizable > 0
  return checkerVerdict(cell, {
    id: 'checker/linearizable',
    sentence: gates ? 'The database alone is linearizable, key by key.' : linearizability.sentence,
    gates,
    observations,
    of: 'reads that began after a write to their key was over',
    fails,
    inconclusive:
      keysAmbiguous === 0
        ? undefined
        : `on ${plural(keysAmbiguous, 'key')} of ${countInWords(keys)} a value was written more than once, and which write a read saw can't be told`,
    evidence: fails
      ? `${countInWords(keysNotLinearizable)} of ${plural(keys, 'key')} (${plural(operations, 'operation')}${sampled}) have a history that no single copy of the data could have produced`
      : `${plural(operations, 'operation')} on ${plural(keys, 'key')} are linearizable${sampled}; ${countInWords(observations)} of them could have shown that they are not`,
    numbers: { keys, operations, observations, keysNotLinearizable, keysAmbiguous },
    counterexample,
    testedBy: 'cache-aside-overwrite',
  })
}
