import type { Alternative, Comparison, ComparisonGroup, VaryingFactor } from '../../../check/comparison/comparison.ts'

const ENGINES: Readonly<Record<string, string>> = { redis: 'Redis', valkey: 'Valkey', memcached: 'Memcached' }

/** Whose levels say what they are. */
const NAMED_BY_LEVEL: ReadonlySet<string> = new Set(['workload', 'pattern', 'client', 'database', 'run'])

/** A level of a factor as a sentence names it: "Valkey" of "engine:valkey", "TTL 10 s" of "10 s". */
export function levelWords(factor: string, level: string): string {
  if (factor === 'target') return targetWords(level)
  if (factor === 'instances') return `${level} ${level === '1' ? 'instance' : 'instances'}`
  return NAMED_BY_LEVEL.has(factor) ? level : `${settingWords(factor)} ${level}`
}

/** Where a sentence says under which other level it holds: "on Valkey", "with TTL 10 s". */
export function contextWords(factor: string, level: string): string {
  return `${PREPOSITIONS[factor] ?? 'with'} ${levelWords(factor, level)}`
}

/** "TTL" of "with.ttl", "write ratio" of "with.write-ratio". */
export function settingWords(factor: string): string {
  const name = factor.slice(factor.lastIndexOf('.') + 1)
  return name === 'ttl' ? 'TTL' : name.replaceAll(/[-_]/g, ' ')
}

const PREPOSITIONS: Readonly<Record<string, string>> = { target: 'on', client: 'over', database: 'in front of' }

/** An engine of ours or a server from PATH by its engine's name; what has an address by its address. */
function targetWords(label: string): string {
  const match = /^(?:engine|local):(?<engine>redis|valkey|memcached)$/.exec(label)
  return match ? ENGINES[match.groups!['engine']!]! : label
}

/** What an alternative does not have at all. */
const ABSENT = '-'

/** Of the factors that vary in a comparison those in which the alternatives of a group with a cache differ. */
export function tellingFactors(factors: readonly VaryingFactor[], group: ComparisonGroup): readonly string[] {
  const cached = group.alternatives.filter((one) => !one.isWithoutCache)
  return factors.flatMap(({ name }) => (new Set(cached.map((one) => one.factors[name] ?? ABSENT)).size > 1 ? [name] : []))
}

/** The comparison with its alternatives named as a reader would: "write-through, Memcached", "TTL 10 s", "session-store on Valkey". */
export function withPlainNames(comparison: Comparison): Comparison {
  const groups = comparison.groups.map((group) => {
    const telling = tellingFactors(comparison.factors, group)
    return { ...group, alternatives: group.alternatives.map((one) => ({ ...one, name: plainName(one, telling) })) }
  })
  return { ...comparison, groups }
}

function plainName(alternative: Alternative, telling: readonly string[]): string {
  const { factors, isWithoutCache, name } = alternative
  if (isWithoutCache) return NO_CACHE
  const levels = telling.flatMap((factor) => {
    const level = factors[factor]
    return level === undefined || level === ABSENT ? [] : [levelWords(factor, level)]
  })
  if (levels.length > 0) return levels.join(', ')
  const { workload, target } = factors
  return workload === undefined ? name : target === undefined ? workload : `${workload} on ${levelWords('target', target)}`
}

export const NO_CACHE = 'no cache'

/** Two alternatives of a group as a sentence that compares them names them. */
export interface PairNames {
  readonly candidate: string
  readonly baseline: string
  /** "on Valkey", where other factors vary in the group and are the same for both. */
  readonly context?: string
}

/**
 * By the levels of the factor in which the two differ, with what else varies in the group said once in front. Where more
 * than that factor differs, or one of them is the case without a cache, by their own names.
 */
export function pairNames(
  factors: readonly VaryingFactor[],
  group: ComparisonGroup,
  [baseline, candidate]: readonly [Alternative, Alternative],
  by: string,
): PairNames {
  const others = tellingFactors(factors, group).filter((factor) => factor !== by)
  const [from, to] = [baseline.factors[by], candidate.factors[by]]
  const isPlain = others.every((factor) => candidate.factors[factor] === baseline.factors[factor])
  if (others.length === 0 || !isPlain || from === undefined || to === undefined) return { candidate: candidate.name, baseline: baseline.name }
  const context = others.flatMap((factor) => {
    const level = candidate.factors[factor]
    return level === undefined || level === ABSENT ? [] : [contextWords(factor, level)]
  })
  return { candidate: levelWords(by, to), baseline: levelWords(by, from), ...(context.length > 0 && { context: context.join(', ') }) }
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
