import type { Cell } from '../../measure/run-result.ts'
import { digits } from '../../measure/words.ts'
import { brokenCacheInWords } from '../cache-refusals.ts'
import { cellSettings } from '../cell-settings.ts'

/** Cells that could have said something and were not asked, each with its reason. */
export interface LeftOut {
  readonly reasons: string[]
}

export function isBaselineOnly(cell: Cell): boolean {
  return cell.role === 'baseline'
}

/**
 * The measured cells that may speak for a claim: those the test picks, without those the pattern does not apply to, whose
 * cache refused more than a few calls although nothing was meant to go wrong, or whose generator was the bottleneck.
 * `timing: false` keeps the last where the claim does not rest on time or rate.
 */
export function usableCells(cells: readonly Cell[], leftOut: LeftOut, test: (cell: Cell) => boolean, { timing = true } = {}): Cell[] {
  return cells.filter((cell) => {
    if (cell.role !== 'measured' || cell.notApplicable !== undefined || !test(cell)) return false
    const broken = brokenCacheInWords(cell)
    if (broken !== undefined) {
      leftOut.reasons.push(`${cell.id}, whose cache failed (${broken})`)
      return false
    }
    if (timing && cell.audit.generatorLimited) {
      leftOut.reasons.push(`${cell.id}, generator-limited (${cell.audit.reasons.join(', ')})`)
      return false
    }
    return true
  })
}

/** The same load on the database alone, of the same block. */
export function baselineOf(cells: readonly Cell[], cell: Cell, leftOut: LeftOut): Cell | undefined {
  const baseline = cells.find((one) => one.role === 'baseline' && servedBy(one).includes(cell.workload) && one.block === cell.block)
  if (baseline?.audit.generatorLimited !== true) return baseline
  leftOut.reasons.push(`${baseline.id}, generator-limited (${baseline.audit.reasons.join(', ')})`)
  return undefined
}

function servedBy({ serves, baselineOf }: Cell): readonly (string | undefined)[] {
  return serves ?? [baselineOf]
}

/** Cells of one workload on one target through one client: its blocks. */
export function byBlocks(cells: readonly Cell[]): Cell[][] {
  return groupsOf(cells, (cell) => JSON.stringify([cell.workload, cell.target.label, cell.client]))
}

/** Cells on one target through one client in one block with the same load on the same data: only the strategy differs. */
export function bySameLoad(cells: readonly Cell[]): Cell[][] {
  return groupsOf(cells, (cell) => JSON.stringify([...loadOf(cell), cell.block]))
}

/** What two strategies have in common when they can be compared; without the block. */
export function loadOf(cell: Cell): readonly unknown[] {
  const { settings, keys, values, database, load, phases } = cellSettings(cell)
  return [cell.target.label, cell.client, keys, values, database, load, phases, cell.instances, settings['writeRatio'], settings['writePopularity']]
}

export interface StrategyPair {
  readonly first: readonly Cell[]
  readonly second: readonly Cell[]
}

/** Workloads of two strategies under the same load, each pair with as many blocks as both have, in the blocks' order. */
export function strategyPairs(cells: readonly Cell[], isFirst: (cell: Cell) => boolean, isSecond: (cell: Cell) => boolean): StrategyPair[] {
  return groupsOf(cells, (cell) => JSON.stringify(loadOf(cell))).flatMap((group) => {
    const seconds = byWorkload(group.filter(isSecond))
    return byWorkload(group.filter(isFirst)).flatMap((one) => seconds.flatMap((other) => pairOf(one, other)))
  })
}

function pairOf(one: readonly Cell[], other: readonly Cell[]): StrategyPair[] {
  const inOrder = [...one].sort((a, b) => a.block - b.block)
  const both = inOrder.flatMap((cell) => {
    const second = other.find(({ block }) => block === cell.block)
    return second ? [{ cell, second }] : []
  })
  return both.length === 0 ? [] : [{ first: both.map(({ cell }) => cell), second: both.map(({ second }) => second) }]
}

function byWorkload(cells: readonly Cell[]): Cell[][] {
  return groupsOf(cells, ({ workload }) => workload)
}

function groupsOf(cells: readonly Cell[], keyOf: (cell: Cell) => string): Cell[][] {
  const groups = new Map<string, Cell[]>()
  for (const cell of cells) {
    const key = keyOf(cell)
    const group = groups.get(key)
    if (group) group.push(cell)
    else groups.set(key, [cell])
  }
  return [...groups.values()]
}

/** All the same way, or undecided. */
export function unanimous(outcomes: readonly ('supported' | 'contradicted' | 'undecided')[]): 'supported' | 'contradicted' | 'undecided' {
  const [first] = outcomes
  return first !== undefined && outcomes.every((outcome) => outcome === first) ? first : 'undecided'
}

export function blocksInWords(blocks: number): string {
  return blocks === 1 ? 'one block' : `${digits(blocks)} blocks, all the same way`
}

/** "cache-aside on local:redis". */
export function nameOf(cell: Cell): string {
  return `${cell.workload} on ${cell.target.label}`
}
