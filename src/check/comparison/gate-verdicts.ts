import type { Contrast } from '../../measure/inference/contrast.ts'
import type { Outcome, Verdict } from '../../measure/verdict.ts'
import { digits, plural } from '../../measure/words.ts'
import type { Alternative, Comparison, NamedContrast } from './comparison.ts'
import { LARGEST_FAMILY } from './fill-family.ts'
import type { Gate } from './gate.ts'

/**
 * A gate fails where the whole interval of a difference lies beyond its bound, holds where it lies within, and is unknown
 * where it straddles or where there is none. One verdict for each alternative that is compared.
 */
export function gateVerdicts(comparison: Comparison, gates: readonly Gate[]): readonly Verdict[] {
  const alternatives = new Map(comparison.groups.flatMap((group) => group.alternatives).map((one) => [one.id, one]))
  return gates.flatMap((gate): readonly Verdict[] => {
    const tested = comparison.contrasts.filter((one) => one.tested && one.figure === gate.metric.name)
    const verdicts = tested.length > 0 ? tested.map((one) => verdictOf(gate, one, alternatives)) : [nothingCompared(gate)]
    const cut = comparison.family.cut.filter((figure) => figure === gate.metric.name).length
    return cut > 0 ? [...verdicts, leftUntested(gate, cut)] : verdicts
  })
}

function verdictOf(gate: Gate, { baseline, candidate, contrast }: NamedContrast, alternatives: ReadonlyMap<string, Alternative>): Verdict {
  const [first, second] = [alternatives.get(baseline)!, alternatives.get(candidate)!]
  return {
    kind: 'gate',
    id: `gate/${gate.metric.name}`,
    sentence: `${gate.text} is not so of ${second.name} against ${first.name}.`,
    outcome: outcomeOf(gate, contrast),
    evidence: evidenceOf(contrast),
    observations: contrast.blocks,
    ...(contrast.interval && { numbers: { low: contrast.interval.low, high: contrast.interval.high } }),
    cells: [...first.cells, ...second.cells].map(({ id }) => id),
    gates: true,
  }
}

function outcomeOf({ operator, bound }: Gate, { interval, construction, estimate, why, word }: Contrast): Outcome {
  if (construction !== undefined && estimate !== null) return (operator === '>' ? estimate > bound : estimate < bound) ? 'fails' : 'holds'
  // Without a word nothing may rest on the interval: runs that are not paired, blocks that drift.
  if (!interval || (word === undefined && why !== undefined)) return 'unknown'
  const isBeyond = operator === '>' ? interval.low > bound : interval.high < bound
  const isWithin = operator === '>' ? interval.high <= bound : interval.low >= bound
  return isBeyond ? 'fails' : isWithin ? 'holds' : 'unknown'
}

function evidenceOf({ scale, estimate, interval, confidence, blocks, why, construction }: Contrast): string {
  const change = (value: number) => (scale === 'ratio' ? signed((value - 1) * 100, ' %') : signed(value, ''))
  if (estimate === null) return why ?? 'no difference could be computed'
  const between = interval ? ` (${change(interval.low)} to ${change(interval.high)} at ${digits(confidence * 100)} %)` : ''
  const said = `${change(estimate)}${between} over ${blocks} blocks`
  return [said, construction, why].filter((part) => part !== undefined).join('; ')
}

function signed(value: number, unit: string): string {
  return `${value < 0 ? '−' : '+'}${digits(Math.abs(value))}${unit}`
}

/** A gate that would pass because something was not looked at would be a green lamp too many. */
function leftUntested({ text, metric }: Gate, cut: number): Verdict {
  return {
    kind: 'gate',
    id: `gate/${metric.name}`,
    sentence: `${text} is not so of ${plural(cut, 'further comparison')}.`,
    outcome: 'unknown',
    evidence: `at most ${LARGEST_FAMILY} comparisons are tested together; name fewer alternatives, or compare by one factor with --by`,
    observations: 0,
    gates: true,
  }
}

function nothingCompared({ text, metric }: Gate): Verdict {
  return {
    kind: 'gate',
    id: `gate/${metric.name}`,
    sentence: `${text} is not so of any alternative.`,
    outcome: 'unknown',
    evidence: 'nothing that was compared has this figure',
    observations: 0,
    gates: true,
  }
}
