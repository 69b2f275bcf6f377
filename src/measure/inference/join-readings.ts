import type { Interval } from '../statistics.ts'
import type { Reading } from './reading.ts'

/**
 * What holds at both bounds of what nobody knows: the wider interval, the middle of the estimates, and a word only where
 * both give it.
 */
export function joinReadings(a: Reading, b: Reading): Reading {
  const shared = {
    estimate: (a.estimate + b.estimate) / 2,
    interval: a.interval && b.interval && hull(a.interval, b.interval),
    range: (a.range ?? b.range) && hull(a.range ?? pointOf(a), b.range ?? pointOf(b)),
    deviation: both(a.deviation, b.deviation),
    pValue: both(a.pValue, b.pValue),
    minimumDetectable: both(a.minimumDetectable, b.minimumDetectable),
    drifts: a.drifts || b.drifts,
  }
  if (a.word === undefined || b.word === undefined) {
    const why = a.word === undefined ? a.why : b.why
    const isOne = (a.word === undefined) !== (b.word === undefined)
    return {
      ...shared,
      why: isOne ? `operations of unknown outcome decide it: ${why ?? 'nothing varies'}, by what became of them` : (why ?? UNKNOWN_ALONE),
    }
  }
  if (a.word === b.word) return { ...shared, word: a.word, why: a.why ?? b.why, blocksNeeded: both(a.blocksNeeded, b.blocksNeeded) }
  const words = [a.word, b.word].sort().join(' or ')
  return { ...shared, word: 'inconclusive', why: `operations of unknown outcome decide it: ${words}, by what became of them` }
}

const UNKNOWN_ALONE = 'nothing varies from block to block but what operations of unknown outcome leave open'

function hull(a: Interval, b: Interval): Interval {
  return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) }
}

function pointOf({ estimate }: Reading): Interval {
  return { low: estimate, high: estimate }
}

function both(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.max(a, b)
}
