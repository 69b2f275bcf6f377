import { expect, test } from 'vitest'
import { workloadOf } from '../../../test/support/virtual-run.ts'
import { createChance } from '../../runtime/chance.ts'
import { planCells } from './plan-cells.ts'

const workload = workloadOf('{ name: rows, pattern: cache-aside, baseline: true, phases: [ { warm-up: auto }, { steady: 5s } ] }')

function plan(blocks: number, seed = 1) {
  const targets = ['engine:redis', 'engine:valkey', 'engine:memcached']
  return planCells({ workloads: [workload], targets, clients: ['wire'], blocks, order: createChance(seed).stream('order') })
}

test('each block holds every cell once', () => {
  const plans = plan(5)
  expect(new Set(plans.map(({ id }) => id)).size).toBe(20)
  for (let block = 0; block < 5; block++) expect(plans.slice(4 * block, 4 * block + 4).every((one) => one.block === block)).toBe(true)
})

test('the first block ends with its baselines, which warm up for as long as the others had to; later ones are mixed', () => {
  for (let seed = 0; seed < 20; seed++) {
    for (const blocks of [1, 3]) expect(plan(blocks, seed)[3]!.role).toBe('baseline')
  }
  const places = new Set(Array.from({ length: 20 }, (_, seed) => plan(3, seed).findIndex(({ role, block }) => role === 'baseline' && block === 2)))
  expect([...places].sort()).toEqual([10, 11, 8, 9])
})

const sessions = (name: string, faults: string) =>
  workloadOf(`{ name: ${name}, pattern: session-store, instances: 2, phases: [ { steady: 5s } ], ${faults} expect: [ lost_sessions == 0 ] }`)
const planOf = (workloads: Parameters<typeof planCells>[0]['workloads'], options: Partial<Parameters<typeof planCells>[0]> = {}) =>
  planCells({
    workloads,
    targets: ['engine:redis', 'engine:memcached'],
    clients: ['wire'],
    blocks: 3,
    order: createChance(1).stream('order'),
    ...options,
  })
const namesIn = (plans: ReturnType<typeof planCells>, block: number) =>
  plans
    .filter((one) => one.block === block)
    .map(({ id }) => id.replace(/\/wire\/\d+$/, ''))
    .sort()

test('one case without a cache serves all workloads of rows under its load', () => {
  const other = { ...workload, name: 'other', settings: { ...(workload.settings as object), ttlNanos: 1 } }
  const more = { ...workload, name: 'more', keys: { ...workload.keys, count: 7 } }
  const baselines = planOf([workload, other, more], { blocks: 1 }).filter(({ role }) => role === 'baseline')
  expect(baselines.map(({ baselineOf }) => baselineOf)).toEqual([['rows', 'other'], ['more']])
})

test('where blocks are compared, a workload with faults runs beside itself without them', () => {
  const killed = sessions('killed', 'kill_instance: { instance: 1, at: 1s },')
  expect(namesIn(planOf([killed], { blocks: 1 }), 0)).toEqual(['killed/engine:memcached', 'killed/engine:redis'])
  const plans = planOf([killed])
  expect(namesIn(plans, 2)).toEqual([
    'killed (no fault)/engine:memcached',
    'killed (no fault)/engine:redis',
    'killed/engine:memcached',
    'killed/engine:redis',
  ])
  const control = plans.find(({ id }) => id.startsWith('killed (no fault)'))!.workload
  expect(control).toMatchObject({ faults: [], expect: [], variant: { of: 'killed' } })
  expect(control).not.toHaveProperty('killInstance')
})

test('one control is enough for workloads that differ in their faults, and none where it runs anyway', () => {
  const faults = [sessions('a', 'kill_instance: { instance: 1, at: 1s },'), sessions('b', 'faults: [ { at: 1s, kill: primary, for: 1s } ],')]
  expect(namesIn(planOf(faults, { targets: ['engine:redis'] }), 1)).toEqual(['a (no fault)/engine:redis', 'a/engine:redis', 'b/engine:redis'])
  expect(namesIn(planOf([...faults, sessions('quiet', '')], { targets: ['engine:redis'] }), 1)).toEqual([
    'a/engine:redis',
    'b/engine:redis',
    'quiet/engine:redis',
  ])
})

test('cells with faults run in fewer blocks where they are told to, and those beside them, and workloads on the targets that fit', () => {
  const plans = planOf([sessions('a', 'kill_instance: { instance: 1, at: 1s },'), workload], {
    faultBlocks: 1,
    fits: ({ name }, url) => name !== 'rows' || url === 'engine:redis',
  })
  expect(namesIn(plans, 0)).toContain('a/engine:redis')
  expect(namesIn(plans, 0)).toContain('a (no fault)/engine:redis')
  expect(namesIn(plans, 2)).toEqual(['none/rows/database/2', 'rows/engine:redis'])
})
