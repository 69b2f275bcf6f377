import { describe, expect, test } from 'vitest'
import type { Contrast } from '../../measure/inference/contrast.ts'
import type { Comparison } from './comparison.ts'
import { type Gate, parseGate } from './gate.ts'
import { gateVerdicts } from './gate-verdicts.ts'

function gateOf(text: string): Gate {
  const gate = parseGate(text)
  if ('problem' in gate) throw new Error(`${gate.problem}; ${gate.expected}`)
  return gate
}

describe('what a gate says', () => {
  test.each([
    ['read.p99 > +10%', '>', 1.1],
    ['rate < -5%', '<', 0.95],
    ['rate<−5 %', '<', 0.95],
    ['hit_ratio < -2pp', '<', -0.02],
    ['lost > 0', '>', 0],
    ['lost > +3', '>', 3],
  ] as const)('%s', (text, operator, bound) => {
    const gate = gateOf(text)
    expect(gate).toMatchObject({ text, operator })
    expect(gate.bound).toBeCloseTo(bound, 12)
  })

  test.each([
    ['read.p99 over 10%', 'is no gate'],
    ['raed.p99 > +10%', 'did you mean read.p99?'],
    ['overall.errors > 0', 'no figure is called'],
    ['read.p99 > 10%', 'does not say which way'],
    ['read.p99 > +10', "such as 'read.p99 > +10%'"],
    ['hit_ratio < -2%', 'percentage points'],
    ['lost > +1%', 'a number of events'],
  ])('%s: %s', (text, told) => {
    const gate = parseGate(text)
    expect('problem' in gate ? `${gate.problem}; ${gate.expected}` : 'accepted').toContain(told)
  })
})

describe('what becomes of it', () => {
  const contrast = (fields: Partial<Contrast>): Contrast => ({ scale: 'ratio', paired: true, blocks: 10, estimate: 1.2, confidence: 0.99, ...fields })
  const comparison = (one: Contrast | undefined, tested = true): Comparison => {
    const alternative = (id: string) => ({ id, name: id, factors: {}, isWithoutCache: false, cells: [], figures: {}, leftOut: undefined })
    return {
      factors: [],
      groups: [{ id: 'group-1', load: '', fault: undefined, alternatives: [alternative('a'), alternative('b')] }],
      family: { figures: ['read.p99'], size: 1, cut: [] },
      contrasts: one ? [{ group: 'group-1', baseline: 'a', candidate: 'b', by: 'workload', figure: 'read.p99', tested, contrast: one }] : [],
      modelled: [],
      notes: [],
    }
  }
  const outcomeOf = (text: string, one: Contrast | undefined, tested = true) => gateVerdicts(comparison(one, tested), [gateOf(text)])[0]!.outcome

  test.each([
    ['beyond', { low: 1.11, high: 1.3 }, 'fails'],
    ['straddling', { low: 1.05, high: 1.3 }, 'unknown'],
    ['within, up to the bound', { low: 1.01, high: 1.1 }, 'holds'],
    ['the other way', { low: 0.5, high: 0.6 }, 'holds'],
  ] as const)('above by at most 10 %%: an interval %s', (_, interval, outcome) => {
    expect(outcomeOf('read.p99 > +10%', contrast({ interval, word: 'worse' }))).toBe(outcome)
  })

  test.each([
    [{ low: 0.5, high: 0.8 }, 'fails'],
    [{ low: 0.5, high: 0.95 }, 'unknown'],
    [{ low: 0.9, high: 1.5 }, 'holds'],
  ] as const)('below by at most 10 %%: %o', (interval, outcome) => {
    expect(outcomeOf('read.p99 < -10%', contrast({ interval, word: 'inconclusive' }))).toBe(outcome)
  })

  test('without an interval, without a word for a reason, untested, or not compared at all nobody knows', () => {
    expect(outcomeOf('read.p99 > +10%', contrast({}))).toBe('unknown')
    expect(outcomeOf('read.p99 > +10%', contrast({ interval: { low: 2, high: 3 }, why: 'later blocks differ from earlier ones' }))).toBe('unknown')
    expect(outcomeOf('read.p99 > +10%', contrast({ interval: { low: 2, high: 3 }, word: 'worse' }), false)).toBe('unknown')
    expect(outcomeOf('read.p99 > +10%', undefined)).toBe('unknown')
  })

  test('a comparison that the family had no place for is unknown beside those that hold', () => {
    const whole = comparison(contrast({ interval: { low: 0.9, high: 1 }, word: 'better' }))
    const family = { ...whole.family, cut: ['read.p99', 'read.p99', 'memory'] }
    const verdicts = gateVerdicts({ ...whole, family }, [gateOf('read.p99 > +10%')])
    expect(verdicts.map(({ outcome, sentence }) => [outcome, sentence])).toEqual([
      ['holds', 'read.p99 > +10% is not so of b against a.'],
      ['unknown', 'read.p99 > +10% is not so of 2 further comparisons.'],
    ])
  })

  test('what could not be compared is unknown, with its reason', () => {
    const [verdict] = gateVerdicts(comparison(contrast({ blocks: 0, estimate: null, why: 'b: the cache failed' })), [gateOf('read.p99 > +10%')])
    expect(verdict).toMatchObject({ outcome: 'unknown', evidence: 'b: the cache failed', observations: 0 })
  })

  test('what is identical by construction has no interval and is known', () => {
    expect(outcomeOf('read.p99 > +10%', contrast({ estimate: 1, construction: 'identical by construction' }))).toBe('holds')
    expect(outcomeOf('read.p99 > +10%', contrast({ estimate: 1.5, construction: 'fixed ratio' }))).toBe('fails')
  })
})
