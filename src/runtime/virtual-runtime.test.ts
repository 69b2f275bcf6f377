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

  describe('the end of a turn', () => {
    test('comes after the microtasks of its event, however deep, and before the clock moves', async () => {
      const runtime = createVirtualRuntime({ seed: 1 })
      const gathered: string[] = []
      const flushed: string[] = []
      await runtime.run('parent', async (parent) => {
        runtime.spawn('submits two awaits deep', async (task) => {
          await task.sleep(MICROSECOND)
          runtime.endOfTurn(() => flushed.push(`${gathered.splice(0).join(' and ')} at ${runtime.now()}`))
          gathered.push('one')
          let chain = Promise.resolve()
          for (let link = 0; link < 50; link++) chain = chain.then(() => undefined)
          void chain.then(() => gathered.push('another'))
          await task.sleep(MICROSECOND)
        })
        await parent.sleep(MICROSECOND)
        await parent.sleep(5 * MICROSECOND)
      })
      expect(flushed).toEqual(['one and another at 1000'])
    })

    test('that lets a program go on is followed by its microtasks and by the ends they ask for, before the clock moves', async () => {
      const runtime = createVirtualRuntime({ seed: 1 })
      const seen: string[] = []
      await runtime.run('parent', async (task) => {
        runtime.after(2 * MICROSECOND, () => seen.push('next event'))
        await task.sleep(MICROSECOND)
        await task.wait<void>('the flush', (settle) => runtime.endOfTurn(settle))
        seen.push(`went on at ${runtime.now()}`)
        runtime.endOfTurn(() => seen.push(`again at ${runtime.now()}`))
        await task.sleep(5 * MICROSECOND)
      })
      expect(seen).toEqual(['went on at 1000', 'again at 1000', 'next event'])
    })

    test('of a quiet event comes at once, without waking programs', async () => {
      const runtime = createVirtualRuntime({ seed: 1 })
      const seen: string[] = []
      await runtime.run('parent', (task) =>
        task.wait<void>('all', (settle) => {
          const quietly = (): void => {
            void Promise.resolve().then(() => seen.push('microtask'))
            runtime.endOfTurn(() => {
              seen.push(`flush at ${runtime.now()}`)
              if (seen.length === 1) runtime.endOfTurn(() => seen.push('once more'))
            })
          }
          runtime.after(MICROSECOND, quietly, true)
          runtime.after(2 * MICROSECOND, () => seen.push('next quiet event'), true)
          runtime.after(3 * MICROSECOND, settle)
        }),
      )
      expect(seen).toEqual(['flush at 1000', 'once more', 'next quiet event', 'microtask'])
    })

    test('of a quiet event that resumed a task after all waits for it', async () => {
      const runtime = createVirtualRuntime({ seed: 1 })
      const seen: string[] = []
      await runtime.run('parent', async (task) => {
        await task.wait<void>('an answer', (settle) => {
          const quietly = (): void => {
            runtime.endOfTurn(() => seen.push('flush'))
            settle()
          }
          runtime.after(MICROSECOND, quietly, true)
        })
        seen.push('resumed')
        await task.sleep(MICROSECOND)
      })
      expect(seen).toEqual(['resumed', 'flush'])
    })

    test('that is asked for outside of a run comes with the next, and one that throws ends it and only it', async () => {
      const runtime = createVirtualRuntime({ seed: 1 })
      const seen: string[] = []
      runtime.endOfTurn(() => {
        throw new Error('of a flush')
      })
      await expect(runtime.run('first', (task) => task.sleep(MICROSECOND))).rejects.toThrow('of a flush')
      runtime.endOfTurn(() => seen.push('second'))
      expect(seen).toEqual([])
      await runtime.run('second', (task) => task.sleep(MICROSECOND))
      expect(seen).toEqual(['second'])
    })
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
