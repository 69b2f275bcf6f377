import { MIN_BLOCKS } from '../../measure/statistics.ts'
import { digits, plural } from '../../measure/words.ts'
import { type FilledFamily, familyConfidence } from './fill-family.ts'

interface Named {
  readonly factors: Readonly<Record<string, string>>
  readonly subject: { readonly isWithoutCache: boolean }
}

/** What a run will test, to be printed before it begins. Empty where nothing can be compared. */
export function familyInWords<Set extends Named>(family: FilledFamily<Set>, blocks: number): readonly string[] {
  if (family.size === 0) return []
  const percent = digits(familyConfidence(family) * 100)
  const byFigure = family.figures.map((figure) => {
    const members = family.members.filter(({ metric }) => metric.name === figure)
    const pairs = members.map(({ by, baseline, candidate }) => `${nameOf(candidate, by)} against ${nameOf(baseline, by)}`)
    return `  ${members[0]!.metric.head}: ${[...new Set(pairs)].join('; ')}`
  })
  const cut =
    family.cut.length === 0 ? '' : `; ${family.cut.length} more were asked for and are shown without a word (--figures says which come first)`
  const few =
    blocks >= MIN_BLOCKS
      ? []
      : [`  ${plural(blocks, 'block')}: differences are shown without a word; from --blocks ${MIN_BLOCKS} on each gets its interval`]
  return [`${plural(family.size, 'comparison')} tested together, each at ${percent} %${cut}`, ...byFigure, ...few]
}

function nameOf({ factors, subject }: Named, by: string): string {
  return subject.isWithoutCache ? 'no cache' : (factors[by] ?? factors['workload'] ?? '')
}
