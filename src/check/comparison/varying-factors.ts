import type { VaryingFactor } from './comparison.ts'
import { compareFactorNames, type Factors } from './factors.ts'

export interface VaryingOptions {
  /** Factors that were varied on purpose, or that are asked for: they come before what follows from them. */
  readonly first?: readonly string[]
  /** Levels in the order in which they were asked for; the first is the baseline. Others follow as they are met. */
  readonly levels?: Readonly<Record<string, readonly string[]>>
}

/** What an alternative does not have at all: a strategy without a TTL beside one with it. */
export const ABSENT = '-'

/**
 * The factors in which alternatives differ, without those that follow from one before: whoever compares two workloads
 * knows that their patterns differ.
 */
export function varyingFactors(all: readonly Factors[], { first = [], levels = {} }: VaryingOptions = {}): readonly VaryingFactor[] {
  const names = [...new Set(all.flatMap((one) => Object.keys(one)))].sort(compareFactorNames)
  const inOrder = [...first.filter((name) => names.includes(name)), ...names.filter((name) => !first.includes(name))]
  const kept: VaryingFactor[] = []
  for (const name of inOrder) {
    const seen = [...new Set(all.map((one) => levelOf(one, name)))]
    if (seen.length < 2 || kept.some((earlier) => follows(all, earlier.name, name))) continue
    const asked = (levels[name] ?? []).filter((level) => seen.includes(level))
    kept.push({ name, levels: [...asked, ...seen.filter((level) => !asked.includes(level))] })
  }
  return kept
}

export function levelOf(factors: Factors, name: string): string {
  return factors[name] ?? ABSENT
}

/** Whether the level of `second` is always the same where that of `first` is. */
export function follows(all: readonly Factors[], first: string, second: string): boolean {
  const of = new Map<string, string>()
  return all.every((factors) => {
    const level = levelOf(factors, second)
    const known = of.get(levelOf(factors, first)) ?? level
    of.set(levelOf(factors, first), known)
    return known === level
  })
}
