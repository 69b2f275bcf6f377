import { describe, expect, test } from 'vitest'
import type { Cost } from '../../measure/run-result.ts'
import { SECOND } from '../../runtime/runtime.ts'
import { createVirtualRuntime } from '../../runtime/virtual-runtime.ts'
import type { CacheState } from '../../targets/cache-state.ts'
import { CostWatch } from './cost-watch.ts'

const EMPTY: CacheState = { items: 0, evictions: 7, usedBytes: 1_000 }

interface Told {
  /** What the cache says at each look, the first one before the load; the last one is repeated. */
  readonly states?: readonly (CacheState | undefined)[]
  /** The server's process at each look under load. */
  readonly pids?: readonly number[]
  readonly seconds?: number
  /** Of the measured time. */
  readonly fromSeconds?: number
}

/** A server that uses 0.3 s of processor time a second. */
async function costOf({ states = [EMPTY], pids = [1], seconds = 4, fromSeconds = 0 }: Told): Promise<Cost | undefined> {
  const runtime = createVirtualRuntime({ seed: 1 })
  let [asked, read] = [0, 0]
  const watch = new CostWatch({
    runtime,
    readState: (done) => done(states[Math.min(asked++, states.length - 1)]),
    readProcessor: () => (pids.length === 0 ? undefined : { pid: pids[Math.min(read++, pids.length - 1)]!, nanos: 5 * SECOND + 0.3 * runtime.now() }),
  })
  await watch.lookBefore()
  await runtime.run('load', async (task) => {
    watch.start()
    await task.sleep(seconds * SECOND)
    await task.wait<void>('the last look', (settle) => watch.end(() => settle()))
  })
  return watch.cost({ fromNanos: fromSeconds * SECOND, toNanos: seconds * SECOND })
}

describe('what a server of ours takes', () => {
  test('the most that it held while it was looked at, wherever that was', async () => {
    const at = (usedBytes: number): CacheState => ({ items: 5, evictions: 9, usedBytes })
    expect(await costOf({ states: [EMPTY, at(2_000), at(9_000), at(3_000)] })).toMatchObject({
      beforeBytes: 1_000,
      peakBytes: 9_000,
      afterBytes: 3_000,
      items: 5,
      evictions: 2,
    })
    expect(await costOf({ states: [EMPTY, at(400)] })).toMatchObject({ peakBytes: 1_000, afterBytes: 400 })
  })

  test('a look that is not answered is none', async () => {
    const full: CacheState = { items: 5, evictions: 7, usedBytes: 2_000 }
    expect(await costOf({ states: [EMPTY, full, undefined] })).toMatchObject({ peakBytes: 2_000, afterBytes: 2_000, items: 5 })
    expect(await costOf({ states: [undefined, full] })).toBeUndefined()
    expect(await costOf({ states: [EMPTY, undefined] })).toBeUndefined()
  })

  test('a server that was started again counts its evictions from zero, and never fewer', async () => {
    expect(await costOf({ states: [EMPTY, { ...EMPTY, evictions: 0 }] })).toMatchObject({ evictions: 0 })
  })

  test('processor time is that of the measured part', async () => {
    expect((await costOf({}))!.serverProcessorNanos).toBeCloseTo(1.2 * SECOND, -3)
    expect((await costOf({ seconds: 5, fromSeconds: 2 }))!.serverProcessorNanos).toBeCloseTo(0.9 * SECOND, -3)
    expect((await costOf({ seconds: 5, fromSeconds: 1.5 }))!.serverProcessorNanos).toBeCloseTo(1.05 * SECOND, -3)
  })

  test('of two processes one after the other, and of one that nobody can look at, no processor time is told', async () => {
    expect(await costOf({ pids: [1, 1, 2] })).not.toHaveProperty('serverProcessorNanos')
    expect(await costOf({ pids: [] })).not.toHaveProperty('serverProcessorNanos')
  })

  test('what was another process before the measured time does not matter', async () => {
    expect((await costOf({ pids: [1, 2], fromSeconds: 1 }))!.serverProcessorNanos).toBeCloseTo(0.9 * SECOND, -3)
  })
})
