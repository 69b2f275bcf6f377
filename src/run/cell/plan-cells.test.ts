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
