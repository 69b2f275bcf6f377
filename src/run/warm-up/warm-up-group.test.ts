import { expect, test } from 'vitest'
import { workloadOf } from '../../../test/support/virtual-run.ts'
import type { WarmUp } from '../../measure/run-result.ts'
import type { CellPlan } from '../cell/cell-plan.ts'
import { WarmUpGroups } from './warm-up-group.ts'

const workload = workloadOf('{ name: rows, pattern: cache-aside, phases: [ { warm-up: auto }, { steady: 5s } ] }')
const plan = (series: string, { block = 0, ...fields }: Partial<CellPlan> = {}): CellPlan => ({
  id: `${series}/${block}`,
  workload,
  role: 'measured',
  block,
  client: 'wire',
  ...fields,
})
const warmUp = (nanos: number, endedBecause: WarmUp['endedBecause'] = 'steady'): WarmUp => ({
  kind: 'auto',
  nanos,
  endedBecause,
  filledEntries: 0,
  indicators: [],
})

test('each cell takes at least the longest so far, and the shorter ones are run again', () => {
  const baseline = plan('none', { baselineOf: ['rows'], workload: { ...workload, name: 'none (rows)' } })
  const groups = new WarmUpGroups([baseline, plan('a'), plan('b')])
  expect(groups.prepared(baseline)).toEqual(baseline)
  groups.ended(baseline, warmUp(2))
  expect(groups.prepared(plan('a'))).toMatchObject({ warmUpAtLeastNanos: 2 })
  groups.ended(plan('a'), warmUp(5))
  groups.ended(plan('b'), warmUp(5))
  expect(groups.tooShort()).toEqual([{ ...baseline, warmUp: { nanos: 5, endedBecause: 'as long as its comparison' } }])
  groups.ended(groups.tooShort()[0]!, warmUp(5))
  expect(groups.tooShort()).toEqual([])
  expect(groups.prepared(plan('a', { block: 1 }))).toMatchObject({ warmUp: { nanos: 5 } })
})

test('a cell that was not steady in time is not so in later blocks either', () => {
  const groups = new WarmUpGroups([plan('a'), plan('b')])
  groups.ended(plan('a'), warmUp(10, 'cap'))
  groups.ended(plan('b'), warmUp(10))
  expect(groups.tooShort()).toEqual([])
  expect(groups.prepared(plan('a', { block: 1 })).warmUp).toEqual({ nanos: 10, endedBecause: 'cap' })
  expect(groups.prepared(plan('b', { block: 12 })).warmUp).toEqual({ nanos: 10, endedBecause: 'as long as its comparison' })
})

test('another load is another comparison, another workload under the same one is not, and a fixed warm-up is none', () => {
  const groups = new WarmUpGroups([plan('a'), plan('b'), plan('c')])
  groups.ended(plan('a'), warmUp(5))
  const more = { ...workload, name: 'more', keys: { ...workload.keys, count: workload.keys.count + 1 } }
  expect(groups.prepared(plan('c', { workload: more }))).not.toHaveProperty('warmUpAtLeastNanos')
  expect(groups.prepared(plan('c', { workload: { ...workload, name: 'other' } }))).toHaveProperty('warmUpAtLeastNanos', 5)
  const fixed = plan('d', { workload: { ...workload, phases: [{ name: 'steady', durationNanos: 5, warmUp: false }] } })
  expect(groups.prepared(fixed)).toEqual(fixed)
})

test('a plan is sure once all before it in its comparison have ended; one of a later block once the first block has', () => {
  const groups = new WarmUpGroups([plan('a'), plan('b'), plan('c')])
  const known = () => ['a', 'b', 'c'].map((series) => groups.knows(plan(series)))
  expect(known()).toEqual([true, false, false])
  expect(groups.knows(plan('a', { block: 1 }))).toBe(false)
  groups.ended(plan('a'), warmUp(2))
  expect(groups.knows(plan('b'))).toBe(true)
  // What could not be run decides nothing, and holds nobody up.
  groups.ended(plan('b'), undefined)
  expect(groups.knows(plan('c'))).toBe(true)
  groups.ended(plan('c'), warmUp(2))
  expect(groups.knows(plan('a', { block: 1 }))).toBe(true)
})

test('what began without knowing stands where it took as long by itself, and is what it would have been', () => {
  const groups = new WarmUpGroups([plan('a'), plan('b')])
  const guess = groups.prepared(plan('b'))
  expect(groups.stands(guess, undefined)).toBe(true)
  groups.ended(plan('a'), warmUp(3))
  expect(groups.stands(guess, undefined)).toBe(false)
  expect(groups.stands(guess, warmUp(2))).toBe(false)
  expect(groups.stands(guess, warmUp(3))).toBe(true)
  expect(groups.stands(groups.prepared(plan('b')), undefined)).toBe(true)
})

test('those to be run again come in the order of the plan, whichever ended first', () => {
  const other = { ...workload, keys: { ...workload.keys, count: workload.keys.count + 1 } }
  const groups = new WarmUpGroups([plan('a'), plan('b', { workload: other }), plan('c', { workload: other }), plan('d')])
  groups.ended(plan('b', { workload: other }), warmUp(1))
  groups.ended(plan('a'), warmUp(1))
  groups.ended(plan('c', { workload: other }), warmUp(2))
  groups.ended(plan('d'), warmUp(2))
  expect(groups.tooShort().map(({ id }) => id)).toEqual(['a/0', 'b/0'])
})
