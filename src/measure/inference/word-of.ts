import type { Interval } from '../statistics.ts'
import type { Word } from './contrast.ts'
import type { Rule } from './reading.ts'

/** What an interval of the difference earns: a small difference is no difference, however sure it is. */
export function wordOf({ low, high }: Interval, rule: Rule): Word {
  if (low >= -rule.margin && high <= rule.margin) return 'equivalent'
  if (low <= 0 && high >= 0) return 'inconclusive'
  return wordOfSign(low, rule)
}

/** Of a difference that is there. */
export function wordOfSign(difference: number, { better }: Rule): Word {
  if (better === 'none') return 'different'
  return difference > 0 === (better === 'more') ? 'better' : 'worse'
}
