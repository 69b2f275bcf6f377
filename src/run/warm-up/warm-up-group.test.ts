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
  const groups = new WarmUpGroups()
  const baseline = plan('none', { baselineOf: ['rows'], workload: { ...workload, name: 'none (rows)' } })
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
  const groups = new WarmUpGroups()
  groups.ended(plan('a'), warmUp(10, 'cap'))
  groups.ended(plan('b'), warmUp(10))
  expect(groups.tooShort()).toEqual([])
  expect(groups.prepared(plan('a', { block: 1 })).warmUp).toEqual({ nanos: 10, endedBecause: 'cap' })
  expect(groups.prepared(plan('b', { block: 12 })).warmUp).toEqual({ nanos: 10, endedBecause: 'as long as its comparison' })
})

test('another load is another comparison, another workload under the same one is not, and a fixed warm-up is none', () => {
  const groups = new WarmUpGroups()
  groups.ended(plan('a'), warmUp(5))
  const more = { ...workload, name: 'more', keys: { ...workload.keys, count: workload.keys.count + 1 } }
  expect(groups.prepared(plan('c', { workload: more }))).not.toHaveProperty('warmUpAtLeastNanos')
  expect(groups.prepared(plan('c', { workload: { ...workload, name: 'other' } }))).toHaveProperty('warmUpAtLeastNanos', 5)
  const fixed = plan('d', { workload: { ...workload, phases: [{ name: 'steady', durationNanos: 5, warmUp: false }] } })
  expect(groups.prepared(fixed)).toEqual(fixed)
})
