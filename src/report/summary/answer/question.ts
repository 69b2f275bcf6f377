import type { Alternative, Comparison } from '../../../check/comparison/comparison.ts'
import { plural } from '../../../measure/words.ts'
import { faultWords } from './fault-words.ts'
import { levelWords, settingWords } from './level-words.ts'
import { enumerated } from './sentence.ts'

/** What a run asks, in words. */
export interface Question {
  /** "2 strategies on Valkey and Memcached" */
  readonly title: string
  /** Under which load: "1,000 operations/s on 2,000 keys, PostgreSQL behind". Empty where nothing was measured. */
  readonly load: string
}

/** Levels that are named one by one; more are counted. */
const MOST_NAMED = 3
/** Levels are short. */
const MOST_LEVELS = 6

/** Named only where they tell alternatives apart. */
const OTHERS = [
  ['client', 'over', 'clients'],
  ['instances', 'with', 'numbers of instances'],
  ['database', 'in front of', 'databases'],
] as const

/** Read off what the alternatives were made of. */
export function questionOf(comparison: Comparison): Question {
  const alternatives = comparison.groups.flatMap((group) => group.alternatives.filter((one) => !one.isWithoutCache))
  if (alternatives.length === 0) return { title: 'Nothing was measured', load: '' }
  const title = [
    strategiesInWords(comparison),
    settingsInWords(comparison),
    levelsInWords(alternatives, 'target', 'on', 'targets'),
    ...OTHERS.map(([factor, preposition, many]) =>
      comparison.factors.some(({ name }) => name === factor) ? levelsInWords(alternatives, factor, preposition, many) : '',
    ),
  ]
  return { title: title.filter((part) => part !== '').join(' '), load: loadInWords(comparison) }
}

/** Those that stand against each other are counted together; the others are named. */
function strategiesInWords({ groups }: Comparison): string {
  const competing = new Set<string>()
  const all = new Set<string>()
  for (const { alternatives } of groups) {
    const names = new Set(alternatives.flatMap((one) => (one.isWithoutCache ? [] : [one.factors['workload'] ?? one.name])))
    for (const name of names) {
      all.add(name)
      if (names.size > 1) competing.add(name)
    }
  }
  const alone = [...all].filter((name) => !competing.has(name))
  const parts = [
    ...(competing.size > 0 ? [plural(competing.size, 'strategy', 'strategies')] : []),
    ...(alone.length > MOST_NAMED ? [plural(alone.length, competing.size > 0 ? 'more workload' : 'workload')] : alone),
  ]
  return enumerated(parts)
}

/** Each has its own part of the title. */
const APART: ReadonlySet<string> = new Set(['workload', 'pattern', 'target', 'client', 'instances', 'database', 'run'])

/** "with TTL 1 s, 10 s and 60 s": settings that were varied. */
function settingsInWords({ factors }: Comparison): string {
  const parts = factors.flatMap(({ name, levels }) =>
    APART.has(name) ? [] : [`${settingWords(name)} ${levels.length > MOST_LEVELS ? `at ${levels.length} values` : enumerated(levels)}`],
  )
  return parts.length === 0 ? '' : `with ${enumerated(parts)}`
}

function levelsInWords(alternatives: readonly Alternative[], factor: string, preposition: string, many: string): string {
  const levels = levelsOf(alternatives, factor)
  if (levels.length === 0) return ''
  const named = [...new Set(levels.map((level) => levelWords(factor, level)))]
  return `${preposition} ${levels.length > MOST_NAMED ? `${levels.length} ${many}` : enumerated(named.length === levels.length ? named : levels)}`
}

function levelsOf(alternatives: readonly Alternative[], factor: string): readonly string[] {
  return [...new Set(alternatives.flatMap((one) => one.factors[factor] ?? []))]
}

function loadInWords({ groups }: Comparison): string {
  const loads = [...new Set(groups.map(({ load }) => load))].filter((load) => load !== '')
  const faults = [...new Set(groups.flatMap(({ fault }) => (fault === undefined ? [] : [faultWords(fault)])))]
  const parts = [
    ...(loads.length === 1 ? loads : loads.length > 1 ? [`${loads.length} loads, each compared within itself`] : []),
    ...(faults.length > 0 ? [faults.length === 1 ? `and what ${faults[0]} costs` : `and what ${faults.length} kinds of fault cost`] : []),
  ]
  return parts.join(', ')
}
