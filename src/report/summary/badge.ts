import type { RunResult } from '../../measure/run-result.ts'
import { mergeOutcomes, type Outcome, type Verdict } from '../../measure/verdict.ts'
import { plural } from '../../measure/words.ts'

/** The verdict on the whole, in a word and a line. Follows the exit code: only verdicts that gate decide. */
export interface Badge {
  readonly outcome: Outcome | 'none'
  readonly words: string
  readonly detail: string
}

export function badgeOf(verdicts: readonly Verdict[], status: RunResult['status'] = 'complete'): Badge {
  const gates = verdicts.filter((verdict) => verdict.gates)
  const count = (outcome: Outcome) => gates.filter((verdict) => verdict.outcome === outcome).length
  const others = verdicts.filter(
    (verdict) => !verdict.gates && verdict.kind !== 'claim' && verdict.kind !== 'audit' && verdict.outcome === 'fails',
  ).length
  const aside = others === 0 ? '' : ` ${plural(others, 'further finding')} that no expectation covers.`
  const cut = status === 'interrupted' ? 'Interrupted: ' : status === 'recovered' ? 'Recovered from a run that died: ' : ''
  if (gates.length === 0)
    return {
      outcome: status === 'recovered' ? 'unknown' : 'none',
      words: `${cut}nothing was expected`.replace(/^n/, 'N'),
      detail: `No expectation or gating check applied.${aside}`,
    }
  const merged = mergeOutcomes(gates.map((verdict) => verdict.outcome))
  // Whatever holds of what a run that died had measured: nobody knows of the rest.
  const outcome = status === 'recovered' && merged === 'holds' ? 'unknown' : merged
  const notHolding = [
    ...(count('fails') > 0 ? [`${count('fails')} ${count('fails') === 1 ? 'fails' : 'fail'}`] : []),
    ...(count('unknown') > 0 ? [`${count('unknown')} ${count('unknown') === 1 ? 'is' : 'are'} inconclusive`] : []),
  ]
  const detail = `${[`${count('holds')} of ${plural(gates.length, 'check')} hold`, ...notHolding].join(', ')}.${aside}`
  const words =
    outcome === 'fails' ? `${plural(count('fails'), 'check')} failed` : outcome === 'unknown' ? 'Inconclusive' : 'Everything expected holds'
  return { outcome, words: cut === '' ? words : cut + words.charAt(0).toLowerCase() + words.slice(1), detail }
}
