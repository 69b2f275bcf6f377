import type { Cell, ClassMeasurement } from '../../measure/run-result.ts'
import { isHitClass, isMissClass, isPlain } from '../operation-kind.ts'

/** A cache in front of rows of a database: reads that hit or miss, writes that commit. Sessions live in the cache alone. */
export function isCachedRows(cell: Cell): boolean {
  return cell.database !== undefined && appClasses(cell).some((one) => one.name === 'read hit')
}

export function appClasses(cell: Cell): readonly ClassMeasurement[] {
  return cell.classes.filter((one) => one.layer === 'app')
}

export function readClasses(cell: Cell): readonly ClassMeasurement[] {
  return appClasses(cell).filter((one) => one.kind === 'read')
}

/** Reads of rows that are there, answered by the cache or filled in from the database. */
export function plainHits(cell: Cell): readonly ClassMeasurement[] {
  return appClasses(cell).filter((one) => isHitClass(one.name) && isPlain(one.name))
}

export function plainMisses(cell: Cell): readonly ClassMeasurement[] {
  return appClasses(cell).filter((one) => isMissClass(one.name) && isPlain(one.name))
}

/** Values that were put into the cache. */
export function storesOf(cell: Cell): number {
  return okCount(cell.classes.filter(({ layer, name }) => layer === 'cache' && name === 'set'))
}

export function okCount(classes: readonly ClassMeasurement[]): number {
  return classes.reduce((total, one) => total + one.ok, 0)
}
