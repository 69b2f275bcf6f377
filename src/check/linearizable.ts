import type { HistoryColumns } from '../measure/history.ts'
import { instantInWords } from '../measure/words.ts'
import { commitRows } from './commits.ts'
import { forEachKey, groupByKey } from './group-by-key.ts'
import { APP, codesOf, DATABASE, endOf, FAIL, OK, selectRows } from './rows.ts'
import { checkRegister, type RegisterOperation, type RegisterViolation } from './zones.ts'

export interface LinearizabilityFindings {
  readonly keys: number
  readonly operations: number
  /** Keys whose history no single copy of the data could have produced. */
  readonly keysNotLinearizable: number
  /** Of the first such key, one step a line; empty when there is none. */
  readonly counterexample: readonly string[]
}

/** The version rows hold before any write (database.ts: `load`). */
const FIRST_VERSION = 1

/**
 * Per-key linearizability of what the application saw: its reads and writes, from due call to answer, as operations on
 * one register a key. A read that found nothing says nothing (a cache may always forget). A write whose commit is known
 * but which did not end well is of unknown end; a write that was never committed is left out.
 */
export function checkLinearizability(columns: HistoryColumns): LinearizabilityFindings {
  const { layer, status, ret, sent, fn, parent, op, key } = columns
  const isRead = codesOf(fn, 'read')
  const isWrite = codesOf(fn, 'write')
  const commits = commitRows(columns)

  // What the database did for each application write, by the write's operation number: its row.
  const underWrite = new Map<number, number>()
  const appWrites = new Set<number>()
  for (let row = 0; row < columns.length; row++) {
    if (isWrite[fn.codes[row]!] !== 1) continue
    if (layer[row] === DATABASE && status[row] !== FAIL) {
      const known = underWrite.get(parent[row]!)
      if (known === undefined || commits[row] === 1) underWrite.set(parent[row]!, row)
    } else if (layer[row] === APP) appWrites.add(op[row]!)
  }

  const rows = selectRows(columns, (row) => {
    const code = fn.codes[row]!
    if (layer[row] === APP) return isWrite[code] === 1 || (isRead[code] === 1 && status[row] === OK && !Number.isNaN(ret[row]!))
    // The write of an operation that was killed: the application's own row knows neither its key nor its version.
    return layer[row] === DATABASE && isWrite[code] === 1 && status[row] !== FAIL && !appWrites.has(parent[row]!)
  })

  let keys = 0
  let operations = 0
  let keysNotLinearizable = 0
  let counterexample: readonly string[] = []
  forEachKey(groupByKey(key, rows), (_, group) => {
    const register: RegisterOperation[] = []
    const rowOf: number[] = []
    for (const row of group) {
      const operation = isWrite[fn.codes[row]!] === 1 ? writeOf(row) : readOf(row)
      if (operation === undefined) continue
      register.push(operation)
      rowOf.push(row)
    }
    keys++
    operations += register.length
    const violation = checkRegister(register, FIRST_VERSION)[0]
    if (violation === undefined) return
    if (keysNotLinearizable++ === 0) counterexample = stepsOf(columns, register, rowOf, violation)
  })
  return { keys, operations, keysNotLinearizable, counterexample }

  function readOf(row: number): RegisterOperation {
    return new Operation('read', ret[row]!, sent[row]!, endOf(columns, row), 'ok')
  }

  function writeOf(row: number): RegisterOperation | undefined {
    const start = sent[row]!
    const database = layer[row] === DATABASE ? row : underWrite.get(op[row]!)
    const value = Number.isNaN(ret[row]!) && database !== undefined ? ret[database]! : ret[row]!
    if (layer[row] === APP && status[row] === OK && !Number.isNaN(value)) return new Operation('write', value, start, endOf(columns, row), 'ok')
    if (layer[row] === APP && status[row] === FAIL && database === undefined) return undefined
    return new Operation('write', value, start, Number.POSITIVE_INFINITY, 'info')
  }
}

/** A class, not a literal: a third of the time went into old space that V8 gave to half a million literals. */
class Operation implements RegisterOperation {
  readonly kind: 'read' | 'write'
  readonly value: number
  readonly start: number
  readonly end: number
  readonly status: 'ok' | 'info'

  constructor(kind: 'read' | 'write', value: number, start: number, end: number, status: 'ok' | 'info') {
    this.kind = kind
    this.value = value
    this.start = start
    this.end = end
    this.status = status
  }
}

function stepsOf(columns: HistoryColumns, register: readonly RegisterOperation[], rowOf: readonly number[], violation: RegisterViolation): string[] {
  const shown = register
    .map((operation, index) => ({ operation, row: rowOf[index]!, index }))
    .filter(({ operation, index }) => {
      if (operation.value !== violation.value && operation.value !== violation.other) return false
      return operation.kind === 'write' || index === violation.operation || isFirstEnding(register, index) || isLastStarting(register, index)
    })
    .sort((a, b) => a.operation.start - b.operation.start)
  const steps = shown.map(({ operation, row }) => {
    const end = operation.end === Number.POSITIVE_INFINITY ? 'end unknown' : instantInWords(operation.end)
    const arrow = operation.kind === 'read' ? '->' : 'of'
    return `${instantInWords(operation.start)} .. ${end}  operation ${columns.op[row]}: ${operation.kind} key ${columns.key[row]} ${arrow} version ${operation.value}`
  })
  return [...steps, violation.other === undefined ? violation.kind : `versions ${violation.value} and ${violation.other} can't be put in any order`]
}

function isFirstEnding(register: readonly RegisterOperation[], index: number): boolean {
  const one = register[index]!
  return register.every((other) => other.value !== one.value || other.end >= one.end)
}

function isLastStarting(register: readonly RegisterOperation[], index: number): boolean {
  const one = register[index]!
  return register.every((other) => other.value !== one.value || other.start <= one.start)
}
