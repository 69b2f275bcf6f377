import { setImmediate as immediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { runtimeContract } from './runtime.contract.ts'
import { MICROSECOND, MILLISECOND, SECOND } from './runtime.ts'
import { createVirtualRuntime, ForeignAwaitError, StandstillError } from './virtual-runtime.ts'

runtimeContract('virtual', (seed) => createVirtualRuntime({ seed }))

describe('virtual time', () => {
  test('nothing waits: an hour passes in one event', async () => {
    const runtime = createVirtualRuntime({ seed: 1 })
    await runtime.run('sleeper', (task) => task.sleep(3600 * SECOND))
    expect(runtime.now()).toBe(3600 * SECOND)
  })

  test('a zero delay takes a microsecond', async () => {
    const runtime = createVirtualRuntime({ seed: 1 })
    await runtime.run('sleeper', (task) => task.sleep(0))
    expect(runtime.now()).toBe(MICROSECOND)
  })

  test('microtasks are drained before the clock moves, however long their chain', async () => {
    const runtime = createVirtualRuntime({ seed: 1 })
    const order: string[] = []
    await runtime.run('parent', async (parent) => {
      runtime.spawn('chain', async (task) => {
        await task.sleep(MICROSECOND)
        let chain = Promise.resolve()
        for (let link = 0; link < 50; link++) chain = chain.then(() => undefined)
        void chain.then(() => order.push(`chain at ${runtime.now()}`))
        await task.sleep(10 * MICROSECOND)
      })
      await parent.sleep(2 * MICROSECOND)
      order.push(`parent at ${runtime.now()}`)
      await parent.sleep(20 * MICROSECOND)
    })
    expect(order).toEqual(['chain at 1000', 'parent at 2000'])
  })

  test('what is called quiet fires in its turn, and a task that it resumes after all runs before what comes next', async () => {
    const runtime = createVirtualRuntime({ seed: 1 })
    const seen: string[] = []
    await runtime.run('quiet', async (task) => {
      const both = task.wait<void>('loud', (settle) => {
        runtime.after(6 * MILLISECOND, () => seen.push('quiet'), true)
        runtime.after(9 * MILLISECOND, () => {
          seen.push('loud')
          settle()
        })
      })
      await task.wait<void>('quiet after all', (settle) => {
        runtime.after(3 * MILLISECOND, settle, true)
      })
      seen.push('resumed')
      await both
    })
    expect(seen).toEqual(['resumed', 'quiet', 'loud'])
  })

  test('a foreign await is an error that names the program and the place', async () => {
    const runtime = createVirtualRuntime({ seed: 1 })
    const run = runtime.run('parent', async (parent) => {
      runtime.spawn('reader 17', async (task) => {
        await task.wait('cache get', (settle) => runtime.after(5, () => settle(1)))
        await immediate()
        await task.sleep(1)
      })
      await parent.sleep(SECOND)
    })
    await expect(run).rejects.toThrow(ForeignAwaitError)
    await expect(run).rejects.toThrow(/"reader 17".*after "cache get"/)
  })

  test('waiting for two calls at once is no foreign await', async () => {
    const runtime = createVirtualRuntime({ seed: 1 })
    await runtime.run('both', async (task) => {
      await Promise.all([task.sleep(5), task.sleep(9000)])
      await Promise.race([task.sleep(5), task.sleep(9000)])
    })
  })

  test('a standstill names who waits and for what', async () => {
    const runtime = createVirtualRuntime({ seed: 1 })
    const run = runtime.run('waiter', (task) => task.wait('a reply that never comes', () => {}))
    await expect(run).rejects.toThrow(StandstillError)
    await expect(run).rejects.toThrow(/"waiter" \(waits for "a reply that never comes"\)/)
  })

  test('equal runs have equal traces, different ones do not', async () => {
    const trace = async (delay: number) => {
      const runtime = createVirtualRuntime({ seed: 1 })
      await runtime.run('sleeper', async (task) => {
        for (let turn = 0; turn < 100; turn++) await task.sleep(delay + turn)
      })
      return runtime.traceHash()
    }
    expect(await trace(5000)).toBe(await trace(5000))
    expect(await trace(5000)).not.toBe(await trace(5001))
  })

  test('the wall clock moves with time and can be set without moving it', async () => {
    const runtime = createVirtualRuntime({ seed: 1, wallStartMicros: 1_000_000 })
    await runtime.run('sleeper', (task) => task.sleep(SECOND))
    expect(runtime.wall.nowMicros()).toBe(2_000_000)
    runtime.setWall(5_000_000)
    expect(runtime.wall.nowMicros()).toBe(5_000_000)
    expect(runtime.now()).toBe(SECOND)
  })
})
