import type { HistoryColumns } from '../measure/history.ts'
import type { Cell } from '../measure/run-result.ts'
import { codesOf, codesWhere } from './rows.ts'

/** What application rows count as, by code of their class (`outcome`) and, for one without a class, of their `fn`. */
export interface OperationKinds {
  isRead(row: number): boolean
  isWrite(row: number): boolean
  isHit(row: number): boolean
  isMiss(row: number): boolean
}

const READS = ['read', 'get', 'top', 'rank', 'around', 'score']

/** Classes are named so: "read hit" and "read miss" are what the hit ratio is made of. */
export const isHitClass = (name: string): boolean => /\bhit$/.test(name)
export const isMissClass = (name: string): boolean => /\bmiss$/.test(name)

/** A plain hit or miss: the row was there and the cache answered. What the miss penalty is made of. */
export const isPlain = (name: string): boolean => !/\b(absent|fallback)\b/.test(name)

export function operationKinds(cell: Pick<Cell, 'classes'>, columns: HistoryColumns): OperationKinds {
  const { outcome, fn } = columns
  const kindOf = new Map(cell.classes.filter((one) => one.layer === 'app').map((one) => [one.name, one.kind]))
  const known = codesWhere(outcome, (name) => kindOf.has(name))
  const readClass = codesWhere(outcome, (name) => kindOf.get(name) === 'read')
  const writeClass = codesWhere(outcome, (name) => kindOf.get(name) === 'write')
  const readFn = codesOf(fn, ...READS)
  const namedFn = codesWhere(fn, (name) => name !== '')
  const hits = codesWhere(outcome, isHitClass)
  const misses = codesWhere(outcome, isMissClass)
  return {
    isRead: (row) => (known[outcome.codes[row]!] === 1 ? readClass[outcome.codes[row]!] === 1 : readFn[fn.codes[row]!] === 1),
    isWrite: (row) =>
      known[outcome.codes[row]!] === 1 ? writeClass[outcome.codes[row]!] === 1 : namedFn[fn.codes[row]!] === 1 && readFn[fn.codes[row]!] === 0,
    isHit: (row) => hits[outcome.codes[row]!] === 1,
    isMiss: (row) => misses[outcome.codes[row]!] === 1,
  }
}
