import { figureOfCell } from '../../measure/metrics/measure-figure.ts'
import type { Cell } from '../../measure/run-result.ts'
import { digits, plural, shareInWords } from '../../measure/words.ts'
import { tooFew } from '../too-few.ts'
import type { Claim } from './claim.ts'
import { bySameLoad, usableCells } from './evidence.ts'
import { claimVerdict, type Finding } from './finding.ts'
import { appClasses, isCachedRows } from './row-patterns.ts'

const MIN_OPERATIONS = 1000
/** Measures that differ by less than a tenth count as the same. */
const SAME = 0.1
const SUPPORTED_MEASURES = 2

/** What a strategy costs, one figure a name; null where it was not measured. */
interface Costs {
  readonly roundTripsPerOperation: number
  readonly bytesPerOperation: number
  readonly databaseReadsPerRead: number | null
  readonly staleRatio: number | null
  readonly codePaths: number
}

export const strategiesDiffer: Claim = {
  id: 'strategies-differ',
  sentence: 'Caching strategies differ in what they cost: round trips, bytes, database load, staleness and code.',
  source: "Cloud vendors' caching guides: each strategy has its advantages and disadvantages",
  threshold: `under the same load at least ${SUPPORTED_MEASURES} of the measures differ by more than ${shareInWords(SAME)} between the strategies; contradicted when none does; at least ${MIN_OPERATIONS} operations each`,
  measure(evidence) {
    const leftOut = { reasons: [] }
    const groups = bySameLoad(usableCells(evidence.cells, leftOut, (cell) => isCachedRows(cell) && cell.wire !== undefined))
    const findings = groups.filter((group) => new Set(group.map((cell) => cell.pattern)).size >= 2).map(findingOf)
    return claimVerdict(strategiesDiffer, findings, leftOut, 'no two strategies were measured on one target, through one client, under the same load')
  },
}

function findingOf(cells: readonly Cell[]): Finding {
  const all = cells.map((cell) => ({ cell, costs: costsOf(cell) }))
  const text = all.map(({ cell, costs }) => `${cell.workload}: ${costsInWords(costs)}`).join('; ')
  const named = `On ${cells[0]!.target.label}, block ${cells[0]!.block}: ${text}`
  const observations = Math.min(...cells.map(operationsOf))
  const few = tooFew(cells[0]!, { observations, least: MIN_OPERATIONS, of: 'operations in a block', testedBy: ['cache-aside', 'write-through'] })
  if (few) return { outcome: 'undecided', observations, notTested: few, text: `${named}: too few operations`, cells }
  const measures = Object.keys(all[0]!.costs) as (keyof Costs)[]
  const differing = measures.filter((measure) => differ(all.map(({ costs }) => costs[measure])))
  return {
    outcome: differing.length >= SUPPORTED_MEASURES ? 'supported' : differing.length === 0 ? 'contradicted' : 'undecided',
    observations,
    text: `${named}: ${plural(differing.length, 'measure differs', 'measures differ')}`,
    numbers: { differingMeasures: differing.length, strategies: cells.length },
    cells,
  }
}

function costsOf(cell: Cell): Costs {
  const offload = figureOfCell(cell, 'database_offload')
  return {
    roundTripsPerOperation: figureOfCell(cell, 'round_trips') ?? 0,
    bytesPerOperation: figureOfCell(cell, 'bytes_per_operation') ?? 0,
    databaseReadsPerRead: offload === null ? null : 1 - offload,
    staleRatio: figureOfCell(cell, 'stale_ratio'),
    codePaths: cell.codePaths,
  }
}

function operationsOf(cell: Cell): number {
  return appClasses(cell).reduce((total, one) => total + one.ok + one.fail + one.info, 0)
}

function differ(values: readonly (number | null)[]): boolean {
  const known = values.filter((value) => value !== null)
  if (known.length < 2) return false
  const least = Math.min(...known)
  const most = Math.max(...known)
  return most - least > SAME * most
}

function costsInWords(costs: Costs): string {
  const { roundTripsPerOperation, bytesPerOperation, databaseReadsPerRead, staleRatio, codePaths } = costs
  return [
    `${digits(roundTripsPerOperation)} round trips and ${digits(bytesPerOperation)} B an operation`,
    ...(databaseReadsPerRead === null ? [] : [`${digits(databaseReadsPerRead)} database reads a read`]),
    ...(staleRatio === null ? [] : [`${shareInWords(staleRatio)} stale`]),
    `${codePaths} code paths`,
  ].join(', ')
}
