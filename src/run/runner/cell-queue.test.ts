import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { workloadOf } from '../../../test/support/virtual-run.ts'
import { cellFixture } from '../../check/cell-fixture.contract.ts'
import { TargetError } from '../../client/target-error.ts'
import type { Cell } from '../../measure/run-result.ts'
import type { CellPlan } from '../cell/cell-plan.ts'
import type { JournalEntry } from '../run-folder.ts'
import { WarmUpGroups } from '../warm-up/warm-up-group.ts'
import { CellQueue } from './cell-queue.ts'
import type { CellRunner } from './cell-runner.ts'

const auto = workloadOf('{ name: rows, pattern: cache-aside, phases: [ { warm-up: auto }, { steady: 5s } ] }')
const fixed = workloadOf('{ name: rows, pattern: cache-aside, phases: [ { steady: 5s } ] }')
const other = { ...auto, keys: { ...auto.keys, count: auto.keys.count + 1 } }
const WORKLOADS = { auto, fixed, other }

/** A cell that is steady after so many seconds by itself, and takes so many turns of the event loop. */
interface Fake {
  readonly workload: keyof typeof WORKLOADS
  readonly warmUp: number
  readonly turns: number
  readonly fails?: 'target' | 'mistake'
}

const CAP = 9

interface Outcome {
  readonly heard: string[]
  readonly ran: number
  readonly error: unknown
}

/** What the listener of a run hears. */
async function play(cells: readonly Fake[], blocks: number, runners: number, abortAt?: number): Promise<Outcome> {
  const fakes = new Map<string, Fake>()
  const plans = Array.from({ length: blocks }, (_, block) =>
    cells.map((fake, number): CellPlan => {
      const id = `${number}/${block}`
      fakes.set(id, fake)
      return { id, workload: WORKLOADS[fake.workload], role: 'measured', block, client: 'wire' }
    }),
  ).flat()
  const heard: string[] = []
  const interrupt = new AbortController()
  let ran = 0
  const runner = (): CellRunner => ({
    async run(plan, _, told) {
      ran++
      const { warmUp, turns, fails, workload } = fakes.get(plan.id)!
      told.note(`${plan.id} from ${plan.warmUp ? JSON.stringify(plan.warmUp) : 'itself'}`)
      for (let turn = 0; turn < (turns * (plan.block + 3)) % 7; turn++) await new Promise((resolve) => setImmediate(resolve))
      told.journal({ entry: 'warm-up ends', cell: plan.id, warmUpNanos: 0 })
      if (fails === 'target') throw new TargetError('TARGET_UNUSABLE', plan.id)
      if (fails === 'mistake') throw new Error(plan.id)
      const nanos = plan.warmUp?.nanos ?? Math.max(plan.warmUpAtLeastNanos ?? 0, warmUp)
      const endedBecause = plan.warmUp?.endedBecause ?? (nanos === CAP ? 'cap' : 'steady')
      const ofWarmUp: Partial<Cell> =
        workload === 'fixed' ? {} : { warmUp: { kind: 'auto' as const, nanos, endedBecause, filledEntries: 0, indicators: [] } }
      return { cell: cellFixture({ id: plan.id, ...ofWarmUp }), verdicts: [] }
    },
    async close() {},
  })
  const queue = new CellQueue({
    plans,
    runners: Array.from({ length: runners }, runner),
    warmUps: new WarmUpGroups(plans),
    signal: interrupt.signal,
    nowNanos: () => 0,
    listener: {
      note: (text) => heard.push(text),
      journal: (entry) => heard.push(`journal ${(entry as JournalEntry & { readonly cell: string }).cell}`),
      progress() {},
      began: ({ id }, position) => heard.push(`${id} began as ${position}`),
      ended({ id }, { cell }) {
        heard.push(`${id} ended: ${JSON.stringify(cell.warmUp)}`)
        if (heard.length >= (abortAt ?? Number.POSITIVE_INFINITY)) interrupt.abort()
      },
      failed({ id }, error) {
        heard.push(`${id} failed`)
        if (!(error instanceof TargetError)) throw error
      },
      runAgain: (again) => heard.push(`again: ${again.map(({ id }) => id)}`),
    },
  })
  const error = await queue.run().then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return { heard, ran, error }
}

const fake = (warmUp: number, turns: number, fields: Partial<Fake> = {}): Fake => ({ workload: 'auto', warmUp, turns, ...fields })

describe('the queue of cells', () => {
  test('however many run at once, whichever ends first: what is heard is what one after another would have said', async () => {
    const cell = fc.record({
      workload: fc.constantFrom('auto', 'auto', 'other', 'fixed') as fc.Arbitrary<keyof typeof WORKLOADS>,
      warmUp: fc.constantFrom(1, 2, 3, CAP),
      turns: fc.nat(6),
      fails: fc.constantFrom(...Array(12).fill(undefined), 'target', 'target', 'mistake') as fc.Arbitrary<Fake['fails']>,
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(cell, { minLength: 1, maxLength: 7 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 2, max: 4 }),
        async (drawn, blocks, runners) => {
          const cells = drawn as readonly Fake[]
          const alone = await play(cells, blocks, 1)
          const together = await play(cells, blocks, runners)
          expect(together.heard).toEqual(alone.heard)
          expect(String(together.error)).toBe(String(alone.error))
        },
      ),
      { seed: 11, numRuns: 300 },
    )
  })

  test('the longest warm-up of the first block is everybody’s, and no cell takes it twice', async () => {
    const { heard, ran } = await play([fake(1, 1), fake(3, 2), fake(2, 3)], 2, 1)
    const told = heard.filter((one) => / ended|^again/.test(one)).map((one) => one.replace(/,"endedBecause.*/, ''))
    expect(told).toEqual([
      '0/0 ended: {"kind":"auto","nanos":1',
      '1/0 ended: {"kind":"auto","nanos":3',
      '2/0 ended: {"kind":"auto","nanos":3',
      'again: 0/0',
      ...['0/0', '0/1', '1/1', '2/1'].map((id) => `${id} ended: {"kind":"auto","nanos":3`),
    ])
    expect(ran).toBe(7)
  })

  test('a second runner has work while the first block goes on, and what began without knowing is run again only where it matters', async () => {
    expect((await play([fake(2, 3), fake(2, 3), fake(2, 3)], 1, 3)).ran).toBe(3)
    expect((await play([fake(3, 5), fake(1, 5)], 1, 2)).ran).toBe(3)
  })

  test('after an interruption what is under way ends, and nothing begins', async () => {
    for (const runners of [1, 2, 3]) {
      const { heard, ran, error } = await play([fake(1, 1), fake(2, 2), fake(2, 4)], 3, runners, 8)
      const begun = heard.filter((one) => one.includes('began')).length
      expect(heard.filter((one) => one.includes('ended'))).toHaveLength(begun)
      expect(ran).toBeLessThan(9)
      expect(error).toBeUndefined()
    }
  })

  test('a mistake ends the run, and the others with it', async () => {
    const { error, heard } = await play([fake(1, 1), fake(1, 1, { fails: 'mistake' }), fake(1, 6)], 4, 2)
    expect(error).toMatchObject({ message: '1/0' })
    expect(heard.at(-1)).toBe('1/0 failed')
  })
})
